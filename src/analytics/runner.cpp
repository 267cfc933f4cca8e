#include "src/analytics/runner.hpp"

#include <algorithm>
#include <unordered_map>

#include "platform/json/enum_names.hpp"
#include "src/assets/assets.hpp"
#include "src/campaigns/campaigns.hpp"

namespace mobilytics::analytics {

namespace {

// Roll-ups are rebuilt while people read; all of a report comes from one state of them.
constexpr db::TransactionOptions snapshot{.read_only = true, .repeatable_read = true};

// A piece's part of its hour's seconds and minutes: what they were within the hour is not kept.
Sums part_of(const Sums& hour, Window piece) {
    const double part = std::chrono::duration<double, std::ratio<3600>>{piece.to - piece.from}.count();
    Sums sums;
    sums.parked_s = hour.parked_s * part;
    sums.crawl_s = hour.crawl_s * part;
    sums.urban_s = hour.urban_s * part;
    sums.fast_s = hour.fast_s * part;
    sums.minutes_expected = hour.minutes_expected * part;
    sums.minutes_covered = hour.minutes_covered * part;
    return sums;
}

void add_piece(Figures& figures, int bucket, AssetId asset, const Sums& sums) {
    figures.buckets[static_cast<std::size_t>(bucket)] += sums;
    figures.assets[asset] += sums;
}

void add_piece_time(Figures& figures, const Report& report, const db::Result& hours) {
    for (const auto& hour : store::cut_hours_in(hours))
        for (const Piece& piece : report.cut.pieces)
            if (clock::floor_hour(piece.span.from) == hour.hour)
                add_piece(figures, piece.bucket, hour.asset, part_of(hour.sums, piece.span));
}

void add_cells(std::vector<SurfaceCell>& cells, std::vector<SurfaceCell> more) {
    cells.insert(cells.end(), more.begin(), more.end());
    std::ranges::stable_sort(cells, {}, &SurfaceCell::cell);
    std::vector<SurfaceCell> joined;
    for (const SurfaceCell& cell : cells) {
        if (joined.empty() || joined.back().cell != cell.cell)
            joined.push_back(cell);
        else
            joined.back().sums += cell.sums;
    }
    cells = std::move(joined);
}

}  // namespace

Runner::Runner(db::Database& database, const clock::Clock& clock, campaigns::Campaigns& campaigns,
               assets::Assets& assets)
    : database_{database}, clock_{clock}, campaigns_{campaigns}, assets_{assets} {}

Task<Standing> Runner::standing(CompanyId company) {
    const auto result = co_await database_.read(db::Scope::of(company), store::standing(company));
    co_return store::standing_in(result, clock_.now());
}

Task<Figures> Runner::figures(Report report) { return read_figures(std::move(report), false); }

Task<Figures> Runner::figures_by_asset(Report report) { return read_figures(std::move(report), true); }

Task<Figures> Runner::read_figures(Report report, bool by_asset) {
    const auto read = [&](db::Session& session) -> Task<Figures> {
        const auto spans = co_await spans_of(session, report);
        std::vector<db::Statement> wanted{store::standing(report.company), store::bucket_sums(report),
                                          store::utc_days(report, spans), store::unattached(report)};
        const bool cut = !report.cut.hours.empty();
        if (cut) {
            wanted.push_back(store::cut_hours(report));
            wanted.push_back(store::piece_sums(report.company, spans));
        }
        if (by_asset) wanted.push_back(store::asset_sums(report));
        const auto results = co_await session.run_all(std::move(wanted));
        Figures figures;
        figures.buckets.resize(report.buckets.size());
        for (const auto& [bucket, sums] : store::bucket_sums_in(results[1]))
            figures.buckets[static_cast<std::size_t>(bucket)] += sums;
        figures.days = store::utc_days_in(results[2], report.window);
        figures.unattached_visits = store::unattached_in(results[3]);
        if (cut) {
            add_piece_time(figures, report, results[4]);
            for (const auto& piece : store::piece_sums_in(results[5]))
                add_piece(figures, piece.bucket, piece.asset, piece.sums);
        }
        if (!by_asset)
            figures.assets.clear();  // of the pieces alone
        else
            for (const auto& [asset, sums] : store::asset_sums_in(results.back())) figures.assets[asset] += sums;
        for (const Sums& sums : figures.buckets) figures.total += sums;
        figures.standing = store::standing_in(results.front(), clock_.now());
        co_return figures;
    };
    co_return co_await database_.transaction(db::Scope::of(report.company), read, snapshot);
}

Task<Cells> Runner::cells(Report report) {
    const auto read = [&](db::Session& session) -> Task<Cells> {
        const auto spans = co_await spans_of(session, report);
        std::vector<db::Statement> wanted{store::standing(report.company), store::cell_sums(report)};
        if (!spans.empty()) wanted.push_back(store::piece_cells(report.company, spans));
        const auto results = co_await session.run_all(std::move(wanted));
        Cells cells;
        cells.placed = store::cells_in(results[1]);
        if (!spans.empty()) add_cells(cells.placed, store::cells_in(results[2]));
        if (!cells.placed.empty() && cells.placed.front().cell == 0) {
            cells.unplaced = cells.placed.front().sums;
            cells.placed.erase(cells.placed.begin());
        }
        cells.version = store::standing_in(results.front(), clock_.now()).version;
        co_return cells;
    };
    co_return co_await database_.transaction(db::Scope::of(report.company), read, snapshot);
}

Task<std::vector<store::Span>> Runner::spans_of(db::Session& session, Report report) {
    std::vector<store::Span> spans;
    if (report.cut.pieces.empty()) co_return spans;
    std::unordered_map<FaceId, assets::Face> faces;
    for (auto& asset : co_await assets_.all(session, report.company))
        for (auto& face : asset.faces) faces.emplace(face.id, std::move(face));
    for (const auto& counting : co_await campaigns_.coverage(session, report.company, report.window)) {
        if (counting.campaign != report.campaign) continue;
        const assets::Face& face = faces.at(counting.face);
        for (const Piece& piece : report.cut.pieces) {
            const Window during = overlap({counting.from, counting.to}, piece.span);
            if (during.empty()) continue;
            spans.push_back({piece.bucket, counting.asset.uuid, during, counting.share,
                             std::string{json::name_of(face.format)}, std::string{json::name_of(face.placement)}});
        }
    }
    co_return spans;
}

}  // namespace mobilytics::analytics

#pragma once

#include <memory>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/clock/clock.hpp"
#include "platform/db/database.hpp"
#include "src/analytics/figures.hpp"
#include "src/analytics/report.hpp"
#include "src/analytics/store.hpp"
#include "src/analytics/surface.hpp"

namespace mobilytics::assets {
class Assets;
}
namespace mobilytics::campaigns {
class Campaigns;
}

// Runs reports: asks for the rows, adds the parts of hours that a report's edges cut, and gives figures.
namespace mobilytics::analytics {

// Cells of a report before they become a surface.
struct Cells {
    std::vector<SurfaceCell> placed;  // ascending
    CellSums unplaced;
    std::int64_t version = 0;  // of the roll-ups they were read from
};

class Runner {
public:
    Runner(db::Database& database, const clock::Clock& clock, campaigns::Campaigns& campaigns, assets::Assets& assets);

    // Each comes from one state of the roll-ups. The first is without the figures by asset, which are half of the work.
    Task<Figures> figures(Report report);
    Task<Figures> figures_by_asset(Report report);
    Task<Cells> cells(Report report);
    Task<Standing> standing(CompanyId company);

private:
    Task<Figures> read_figures(Report report, bool by_asset);
    Task<std::vector<store::Span>> spans_of(db::Session& session, Report report);

    db::Database& database_;
    const clock::Clock& clock_;
    campaigns::Campaigns& campaigns_;
    assets::Assets& assets_;
};

}  // namespace mobilytics::analytics

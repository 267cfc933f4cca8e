#include "src/campaigns/campaign.hpp"

#include <algorithm>
#include <array>
#include <format>
#include <utility>

#include "platform/clock/zone.hpp"
#include "platform/json/enum_names.hpp"
#include "platform/problem/faults.hpp"

namespace mobilytics::campaigns {

namespace {

using std::chrono::minutes;

constexpr std::size_t longest_name = 200;
constexpr std::chrono::years longest_flight{10};
constexpr double most_impressions = 1e15;

struct Step {
    CampaignState from;
    CampaignVerb verb;
    CampaignState to;
};

using enum CampaignState;
using enum CampaignVerb;
constexpr std::array steps{
    Step{draft, book, booked},       Step{booked, launch, live},      Step{live, pause, paused},
    Step{paused, resume, live},      Step{live, finish, finished},    Step{paused, finish, finished},
    Step{draft, cancel, cancelled},  Step{booked, cancel, cancelled}, Step{live, cancel, cancelled},
    Step{paused, cancel, cancelled},
};

std::string possible_verbs(CampaignState state) {
    std::string verbs;
    for (const Step& step : steps) {
        if (step.from != state) continue;
        if (!verbs.empty()) verbs += " or ";
        verbs += json::name_of(step.verb);
    }
    return verbs.empty() ? "that is where it stays" : std::format("it can only {}", verbs);
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "22:00" to minutes from midnight; "24:00" is the end of the day.
std::optional<minutes> minutes_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    for (const std::size_t place : {0U, 1U, 3U, 4U})
        if (!is_digit(text[place])) return std::nullopt;
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    if (minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
    return minutes{hour * 60 + minute};
}

std::string text_of(minutes time) { return std::format("{:02}:{:02}", time.count() / 60, time.count() % 60); }

Daypart daypart_of(const NewDaypart& wanted, const std::string& pointer, Faults& faults) {
    Daypart daypart;
    for (const int weekday : wanted.weekdays) {
        if (weekday < 0 || weekday > 6)
            faults.add(pointer + "/weekdays", "must be 0 (Monday) to 6 (Sunday)");
        else
            daypart.weekdays.set(static_cast<std::size_t>(weekday));
    }
    if (wanted.weekdays.empty()) faults.add(pointer + "/weekdays", "must name at least one weekday");
    const auto start = minutes_of(wanted.start);
    const auto end = minutes_of(wanted.end);
    if (!start || *start == std::chrono::days{1}) faults.add(pointer + "/start", "must be a time from 00:00 to 23:59");
    if (!end) faults.add(pointer + "/end", "must be a time from 00:00 to 24:00");
    daypart.start = start.value_or(daypart.start);
    daypart.end = end.value_or(daypart.end);
    return daypart;
}

std::vector<Daypart> dayparts_of(const std::vector<NewDaypart>& wanted, Faults& faults) {
    std::vector<Daypart> dayparts;
    if (wanted.size() > most_dayparts) faults.add("/dayparts", std::format("may be at most {}", most_dayparts));
    for (std::size_t index = 0; index < wanted.size(); ++index)
        dayparts.push_back(daypart_of(wanted[index], std::format("/dayparts/{}", index), faults));
    return dayparts;
}

void check(const Campaign& campaign, Faults& faults) {
    faults.check_line("/name", campaign.name, longest_name);
    faults.check_optional_line("/advertiser", campaign.advertiser, longest_name);
    if (campaign.flight.empty())
        faults.add("/to", "must be after `from`");
    else if (campaign.flight.to - campaign.flight.from > longest_flight)
        faults.add("/to", "a flight lasts at most 10 years");
    if (!clock::Zone::exists(campaign.zone)) faults.add("/zone", "must be an IANA time zone such as America/Toronto");
    if (const auto goal = campaign.goal_impressions; goal && !(*goal > 0 && *goal <= most_impressions))
        faults.add("/goal_impressions", "must be more than 0");
    faults.refuse("campaigns.invalid", "The campaign cannot be like that; see errors.");
}

bool same_dayparts(const Campaign& one, const Campaign& other) {
    return std::ranges::equal(one.dayparts, other.dayparts, [](const Daypart& left, const Daypart& right) {
        return left.weekdays == right.weekdays && left.start == right.start && left.end == right.end;
    });
}

}  // namespace

CampaignState next_state(CampaignState state, CampaignVerb verb) {
    const auto* step =
        std::ranges::find_if(steps, [&](const Step& one) { return one.from == state && one.verb == verb; });
    if (step != steps.end()) return step->to;
    throw Problem{
        Kind::conflict, "campaigns.wrong_state",
        std::format("A {} campaign cannot {}; {}.", json::name_of(state), json::name_of(verb), possible_verbs(state))};
}

NewDaypart to_text(const Daypart& daypart) {
    NewDaypart text{{}, text_of(daypart.start), text_of(daypart.end)};
    for (int weekday = 0; weekday < 7; ++weekday)
        if (daypart.weekdays.test(static_cast<std::size_t>(weekday))) text.weekdays.push_back(weekday);
    return text;
}

Campaign Campaign::made(CampaignId id, NewCampaign wanted, Instant now) {
    Faults faults;
    Campaign campaign{.id = id,
                      .name = std::move(wanted.name),
                      .advertiser = std::move(wanted.advertiser),
                      .flight = wanted.flight,
                      .zone = std::move(wanted.zone),
                      .goal_impressions = wanted.goal_impressions,
                      .dayparts = dayparts_of(wanted.dayparts, faults),
                      .created_at = now};
    check(campaign, faults);
    return campaign;
}

Campaign Campaign::changed(CampaignChange change) const {
    require_open();
    Faults faults;
    Campaign campaign = *this;
    if (change.name) campaign.name = std::move(*change.name);
    if (change.advertiser) campaign.advertiser = std::move(*change.advertiser);
    if (change.from) campaign.flight.from = *change.from;
    if (change.to) campaign.flight.to = *change.to;
    if (change.zone) campaign.zone = std::move(*change.zone);
    if (change.goal_impressions) campaign.goal_impressions = *change.goal_impressions;
    if (change.dayparts) campaign.dayparts = dayparts_of(*change.dayparts, faults);
    ++campaign.version;
    check(campaign, faults);
    return campaign;
}

void Campaign::require_open() const {
    if (state == CampaignState::cancelled)
        throw Problem{Kind::conflict, "campaigns.wrong_state", "A cancelled campaign is closed."};
}

Window difference(const Campaign& before, const Campaign& after) {
    const bool same_clock = before.zone == after.zone || (before.dayparts.empty() && after.dayparts.empty());
    if (!same_clock || !same_dayparts(before, after)) return hull(before.flight, after.flight);
    if (before.flight == after.flight) return {};
    if (before.flight.from == after.flight.from)
        return {std::min(before.flight.to, after.flight.to), std::max(before.flight.to, after.flight.to)};
    if (before.flight.to == after.flight.to)
        return {std::min(before.flight.from, after.flight.from), std::max(before.flight.from, after.flight.from)};
    return hull(before.flight, after.flight);
}

}  // namespace mobilytics::campaigns

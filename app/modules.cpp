#include "app/modules.hpp"

#include <memory>

#include "src/auth/authentication.hpp"

// The table of contents: one line a module, in reading order, for what it is made of, its routes, its jobs and the
// events it listens to.
namespace mobilytics::app {

namespace {

auth::CompanyCards cards_of(companies::Companies& companies) {
    return [&companies](std::vector<CompanyId> ids) { return companies.cards(std::move(ids)); };
}

audit::Options audit_options(const Settings& settings) {
    const auto& file = settings.audit.key_file;
    return {.key_file = file.empty() ? settings.home / "audit.key" : file,
            .keep = std::chrono::days{settings.audit.keep_days}};
}

auth::DeviceTokens tokens_of(devices::Devices& devices) {
    return [&devices](http::Request& request, std::string token) -> Task<bool> {
        auto device = co_await devices.authenticate(std::move(token));
        if (device) request.set_principal(std::make_shared<const devices::DeviceActor>(*device));
        co_return device.has_value();
    };
}

}  // namespace

// clang-format off
Modules::Modules(const Platform& with)
    : auth{with.database, with.clock, with.runtime, with.trail, cards_of(companies)},
      audit{with.runtime, with.database, with.clock, with.objects, audit_options(with.settings)},
      companies{with.database, with.clock, with.events, with.trail, auth},
      assets{with.database, with.clock, with.events, with.trail},
      devices{with.database, with.clock, with.events, with.trail, assets},
      campaigns{with.database, with.clock, with.events, with.trail, assets, companies},
      measurements{with.runtime, with.database, with.ingest_database, with.clock, with.queue, with.trail, companies,
                   assets, devices, campaigns},
      analytics{with.runtime, with.database, with.clock, with.trail, companies, assets, campaigns} {
    measurements::subscribe(with.events);
}
// clang-format on

void Modules::add_routes(http::Router& router) {
    router.authenticate_with(auth::authentication(auth, tokens_of(devices)));
    auth::add_routes(router, auth);
    audit::add_routes(router, audit);
    companies::add_routes(router, companies);
    assets::add_routes(router, assets);
    devices::add_routes(router, devices);
    campaigns::add_routes(router, campaigns);
    measurements::add_routes(router, measurements);
    analytics::add_routes(router, analytics);
}

void Modules::add_jobs(jobs::Runner& runner) {
    audit::add_jobs(runner, audit);
    measurements::add_jobs(runner, measurements);
}

}  // namespace mobilytics::app

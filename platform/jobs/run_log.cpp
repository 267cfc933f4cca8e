#include "platform/jobs/run_log.hpp"

namespace mobilytics::jobs {

namespace {

std::string printed(std::string_view prefix, const ids::Uuid& id) {
    if (id.is_nil()) return "";
    return std::string{prefix} + "_" + ids::to_base32(id);
}

}  // namespace

std::shared_ptr<const log::Work> work_of(const Job& job, std::string_view company_prefix) {
    const auto& [trace, request_id, user, impersonator] = job.cause;
    return std::make_shared<const log::Work>(log::Work{{"kind", job.kind},
                                                       {"job", printed(id_prefix, job.id)},
                                                       {"request_id", request_id},
                                                       {"trace_id", trace.trace_id},
                                                       {"company", printed(company_prefix, job.company)},
                                                       {"user", user},
                                                       {"impersonator", impersonator}});
}

}  // namespace mobilytics::jobs

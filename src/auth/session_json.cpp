#include "src/auth/session_json.hpp"

namespace mobilytics::auth {

SessionOut to_out(const SessionView& session) {
    SessionOut out{.id = session.id,
                   .user = {session.user.id, session.user.email, session.user.name, session.user.locale,
                            session.user.email_verified},
                   .staff = session.user.staff.has_value(),
                   .staff_role = session.user.staff,
                   .staff_second_factor_missing = session.staff_factor_missing,
                   .company_suspended = session.suspended,
                   .second_factor_missing = session.factor_missing,
                   .csrf_token = session.csrf_token,
                   .expires_at = session.expires_at,
                   .confirmed_until = session.confirmed_until,
                   .opened_by_provider = session.bound};
    if (session.company) {
        const auto& [card, role] = *session.company;
        out.role = role;
        out.company = SessionCompanyOut{card.id, card.name, card.zone, card.country, card.logo_text};
    }
    for (const auto& [card, role] : session.companies) out.companies.push_back({card.id, card.name, role});
    for (Permission permission : session.permissions) out.permissions.emplace_back(to_string(permission));
    for (StaffPermission held : session.staff_permissions) out.staff_permissions.emplace_back(to_string(held));
    return out;
}

}  // namespace mobilytics::auth

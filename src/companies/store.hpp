#pragma once

#include <optional>
#include <vector>

#include "platform/db/database.hpp"
#include "src/auth/auth.hpp"
#include "src/companies/company.hpp"

// Rows of companies to values and back. `now` decides which parked policy a company is read with.
namespace mobilytics::companies::store {

Task<void> insert_company(db::Session& session, CompanyId id, NewCompany company, clock::Instant now);
Task<std::optional<Company>> find_company(db::Database& database, CompanyId id, clock::Instant now);
Task<std::optional<Company>> find_company(db::Session& session, CompanyId id, clock::Instant now);
// Keeps other edits of the company waiting until this transaction ends.
Task<std::optional<Company>> lock_company(db::Session& session, CompanyId id, clock::Instant now);
// Newest first. Rows of all companies: staff only.
Task<std::vector<Company>> list_companies(db::Database& database, std::optional<CompanyId> before, clock::Instant now,
                                          int limit);
Task<void> update_company(db::Session& session, Company company);
Task<std::vector<auth::CompanyCard>> cards(db::Database& database, std::vector<CompanyId> ids);

Task<void> put_parked_policy(db::Session& session, CompanyId id, DatedParkedPolicy policy);
Task<std::vector<DatedParkedPolicy>> parked_policies(db::Session& session, CompanyId id);
// Latest first.
Task<std::vector<DatedParkedPolicy>> list_parked_policies(db::Database& database, CompanyId id,
                                                          std::optional<clock::Instant> before, int limit);

}  // namespace mobilytics::companies::store

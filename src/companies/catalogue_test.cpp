#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "platform/testing/database.hpp"

// The walls between companies as PostgreSQL's own catalogue sees them: a table of any room that forgets one fails here.
// Raw streams are hypertables, which row-level security does not hold for; nobody may read them (the last tests).
namespace mobilytics::companies {

namespace {

// Our tables with a company: all but raw streams and the queue, whose company_id only says whom a job is for.
const std::string tenant_tables = R"(
    with ours as (
        select c.oid, c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity,
               exists (select from pg_attribute a
                       where a.attrelid = c.oid and a.attname = 'company_id' and not a.attisdropped) as has_company
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'f', 'm') and n.nspname !~ '^(pg_|_?timescaledb|information_schema|public)'),
    raw as (
        select format('%I.%I', hypertable_schema, hypertable_name)::regclass as oid
        from timescaledb_information.hypertables),
    tenant as (
        select * from ours where has_company and oid not in (select oid from raw)
            and name not in ('jobs.jobs', 'jobs.batches'))
)";

struct Rule {
    std::string says;
    std::string offenders;  // names them, comma-separated
    std::string breach;     // makes one
    std::string caught;     // what the rule then says
};

const std::vector<Rule> rules = {
    {"every tenant table has row-level security, enabled and forced",
     "select string_agg(name, ', ' order by name) from tenant where not (relrowsecurity and "
     "relforcerowsecurity)",
     "create table companies.leaky (company_id uuid primary key)", "companies.leaky"},

    {"every tenant table has one policy, for all commands and roles, that compares the company both ways",
     R"(select string_agg(name, ', ' order by name) from tenant
        where (select count(*) from pg_policy p where p.polrelid = tenant.oid) <> 1
           or not exists (select from pg_policy p
                where p.polrelid = tenant.oid and p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
                and pg_get_expr(p.polqual, p.polrelid) = pg_get_expr(p.polwithcheck, p.polrelid)
                and pg_get_expr(p.polqual, p.polrelid) like '((company\_id = ( SELECT platform.current\_company()%'))",
     "create table companies.leaky (company_id uuid primary key);"
     "alter table companies.leaky enable row level security;"
     "create policy half on companies.leaky using (company_id = platform.current_company())",
     "companies.leaky"},

    {"company_id leads every primary, unique and exclusion key of a tenant table, so that a key of one "
     "company says "
     "nothing about another's",
     R"(select string_agg(i.indexrelid::regclass::text, ', ' order by 1) from tenant
        join pg_index i on i.indrelid = tenant.oid and (i.indisunique or i.indisexclusion)
        join pg_attribute a on a.attrelid = tenant.oid and a.attname = 'company_id'
        where i.indkey[0] <> a.attnum)",
     "create table companies.leaky (company_id uuid, id uuid constraint id_alone primary key)", "companies.id_alone"},

    {"every tenant table has a primary key",
     R"(select string_agg(name, ', ' order by name) from tenant
        where not exists (select from pg_index i where i.indrelid = tenant.oid and i.indisprimary))",
     "create table companies.leaky (company_id uuid)", "companies.leaky"},

    {"a foreign key between tables with companies joins company_id with company_id first",
     R"(select string_agg(k.conname, ', ' order by 1) from pg_constraint k
        join tenant t on t.oid = k.conrelid join tenant f on f.oid = k.confrelid
        where k.contype = 'f' and not (
            k.conkey[1] = (select attnum from pg_attribute where attrelid = t.oid and attname = 'company_id')
            and k.confkey[1] = (select attnum from pg_attribute where attrelid = f.oid and attname = 'company_id')))",
     "create table companies.leaky (company_id uuid primary key, other uuid constraint crosses references "
     "companies.companies)",
     "crosses"},

    {"no table without a company hangs on one that has",
     R"(select string_agg(k.conname, ', ' order by 1) from pg_constraint k
        join ours o on o.oid = k.conrelid and not o.has_company join tenant f on f.oid = k.confrelid
        where k.contype = 'f')",
     "create table companies.leaky (id uuid primary key, owner uuid constraint hangs references "
     "companies.companies)",
     "hangs"},

    {"ids come from no sequence",
     R"(select string_agg(c.oid::regclass::text, ', ' order by 1) from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'S' and n.nspname in (select split_part(name, '.', 1) from ours))",
     "create sequence companies.numbers", "companies.numbers"},

    {"the roles of the server own nothing",
     R"(select string_agg(distinct what, ', ') from (
            select c.oid::regclass::text, relowner from pg_class c
            union all select p.oid::regprocedure::text, proowner from pg_proc p
            union all select nspname, nspowner from pg_namespace
            union all select datname, datdba from pg_database) o (what, owner)
        where owner::regrole::text in ('mobilytics_app', 'mobilytics_ingest', 'mobilytics_reporting'))",
     "create table companies.mine (); alter table companies.mine owner to mobilytics_app", "companies.mine"},

    {"the roles of the server hold no power over others and belong to none",
     R"(select string_agg(rolname, ', ' order by rolname) from pg_roles r
        where rolname in ('mobilytics_app', 'mobilytics_ingest', 'mobilytics_reporting')
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
             or exists (select from pg_auth_members m where m.member = r.oid)))",
     "", ""},

    {"a function that runs as its owner names its search path, and not everybody may call it",
     R"(select string_agg(p.oid::regprocedure::text, ', ' order by 1) from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname in (select split_part(name, '.', 1) from ours)
        and (not exists (select from unnest(p.proconfig) s where s like 'search\_path=%')
             or p.proacl is null or exists (select from aclexplode(p.proacl) where grantee = 0)))",
     "create function companies.all_names() returns setof text language sql security definer as "
     "'select name from companies.companies'",
     "companies.all_names()"},

    {"a view shows what its reader may see, and nothing is kept in a materialised one",
     R"(select string_agg(c.oid::regclass::text, ', ' order by 1) from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in (select split_part(name, '.', 1) from ours)
        and (c.relkind = 'm' or (c.relkind = 'v'
             and not coalesce(c.reloptions @> array['security_invoker=true'], false))))",
     "create view companies.names as select name from companies.companies", "companies.names"},

    {"raw streams may be inserted into by the ingest role, and that is all that any role of the server may",
     R"(select string_agg(distinct oid::regclass::text, ', ') from raw
        where not has_table_privilege('mobilytics_ingest', oid, 'insert')
           or has_table_privilege('mobilytics_ingest', oid, 'select,update,delete,truncate,references,trigger')
           or has_any_column_privilege('mobilytics_ingest', oid, 'select,update,references')
           or has_table_privilege('mobilytics_app', oid, 'select,insert,update,delete,truncate,references,trigger')
           or has_any_column_privilege('mobilytics_app', oid, 'select,insert,update,references')
           or has_any_column_privilege('mobilytics_reporting', oid, 'select,insert,update,references'))",
     "grant select (visitor) on measurements.sightings to mobilytics_app", "measurements.sightings"},

    {"the server maintains the queue's table and no other",
     R"(select string_agg(name, ', ' order by name) from ours
        where (name <> 'jobs.jobs' and has_table_privilege('mobilytics_app', oid, 'maintain'))
           or has_table_privilege('mobilytics_ingest', oid, 'maintain')
           or has_table_privilege('mobilytics_reporting', oid, 'maintain'))",
     "grant maintain on companies.companies to mobilytics_app", "companies.companies"},

    {"the reporting role reads what reports are made of, and does nothing else",
     R"(select string_agg(name, ', ' order by name) from ours
        where has_table_privilege('mobilytics_reporting', oid, 'insert,update,delete,truncate,references,trigger')
           or (name !~ '^(assets|campaigns|analytics|measurements)\.'
               and has_table_privilege('mobilytics_reporting', oid, 'select')))",
     "grant select on companies.companies to mobilytics_reporting", "companies.companies"},
};

class Catalogue : public test::DatabaseTest {
protected:
    std::string offenders(const Rule& rule) { return sql_value(tenant_tables + rule.offenders).value_or(""); }
};

TEST_F(Catalogue, keeps_every_rule) {
    for (const Rule& rule : rules) EXPECT_EQ(offenders(rule), "") << rule.says;
}

// A rule that cannot fail proves nothing: each is shown a breach and must name it.
TEST_F(Catalogue, would_notice_a_breach_of_each_rule) {
    for (const Rule& rule : rules) {
        if (rule.breach.empty()) continue;
        sql(rule.breach);
        EXPECT_EQ(offenders(rule), rule.caught) << rule.says;
        sql("drop table if exists companies.leaky, companies.mine; drop sequence if exists companies.numbers;"
            "drop view if exists companies.names; drop function if exists companies.all_names();"
            "revoke select (visitor) on measurements.sightings from mobilytics_app;"
            "revoke select on companies.companies from mobilytics_reporting;"
            "revoke maintain on companies.companies from mobilytics_app");
    }
}

TEST_F(Catalogue, looks_at_the_tables_there_are) {
    EXPECT_EQ(sql_value(tenant_tables + "select count(*) > 15 from tenant"), "t");
    EXPECT_EQ(sql_value(tenant_tables + "select count(*) from raw"), "3");
}

// Chunks are tables of their own, and no policy of the parent holds for them.
TEST_F(Catalogue, chunks_of_raw_streams_are_as_closed_as_the_streams) {
    sql("insert into measurements.positions (company_id, device_id, at, lat, lon) "
        "values (gen_random_uuid(), gen_random_uuid(), '2026-03-08', 1, 1)");
    EXPECT_EQ(sql_value("select count(*) from timescaledb_information.chunks"), "1");
    EXPECT_EQ(sql_value(R"(
        select count(*) from timescaledb_information.chunks,
            lateral (select format('%I.%I', chunk_schema, chunk_name)::regclass as chunk) c,
            unnest(array['mobilytics_app', 'mobilytics_ingest', 'mobilytics_reporting']) as role
        where has_table_privilege(role, chunk, 'select,update,delete,truncate'))"),
              "0");
}

}  // namespace

}  // namespace mobilytics::companies

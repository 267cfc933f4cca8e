#pragma once

#include <optional>
#include <string>

#include "app/demo/size.hpp"
#include "app/import/import.hpp"
#include "app/settings.hpp"

// What the command line can ask for, one function each. They return the process's exit code and throw for the
// operator: main prints the sentence.
namespace mobilytics::app {

struct ServeOptions {
    bool api = true;      // answers requests
    bool workers = true;  // runs jobs
    bool demo = false;    // loads the demo once
    bool live = false;    // and lets its fleet drive on
    bool stay = true;     // else stops when the demo is loaded
    demo::Size size;      // of the demo
};

int serve(const Settings& settings, ServeOptions options);
int migrate(const Settings& settings);
int check(const Settings& settings);
int print_openapi(const Settings& settings);

struct NewStaff {
    std::string email;
    std::string name;
    std::optional<std::string> password;  // none: the person chooses one by a letter
    auth::StaffRole role = auth::StaffRole::admin;
};

int import_file(const Settings& settings, import::Wanted wanted);

struct Erasure {
    CompanyId company;
    DeviceId device;
    clock::Window span;
};

// A privacy request: the device's raw records of the span go, and with them all that was derived from them.
int erase(const Settings& settings, Erasure erasure);

// Derives everything of the company again from its raw records.
int rebuild(const Settings& settings, CompanyId company);

// Whether the trail is what was written, company by company. 1 when any of it is not.
int verify_audit(const Settings& settings, std::optional<CompanyId> company);

int sign_audit(const Settings& settings);

// Other keys sign access tokens from now on, and those signed before are good no more.
int replace_signing_keys(const Settings& settings);

int add_staff(const Settings& settings, NewStaff person);

// After secrets.key changed: seals anew what a former key sealed. 1 when something opens with no key.
int reseal(const Settings& settings);

// Takes app, passkeys and recovery codes away from somebody who lost them, staff too: they sign in with the password
// alone.
int recover_person(const Settings& settings, std::string email);

}  // namespace mobilytics::app

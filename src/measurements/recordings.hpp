#pragma once

#include <map>
#include <set>
#include <vector>

#include "platform/async/task.hpp"
#include "platform/db/database.hpp"
#include "src/measurements/records.hpp"

// The raw streams as one refresh reads them. It says first which hours of a device it is going to ask for; those that
// follow each other then cost one statement a stream, not one an hour.
namespace mobilytics::measurements {

class Recordings {
public:
    explicit Recordings(db::Session& session) : session_{session} {}

    void expect(const ids::Uuid& device, Window span);

    // By time. A span that nobody expected is read for itself.
    Task<std::vector<Sighting>> sightings(ids::Uuid device, Window span);
    Task<std::vector<Position>> positions(ids::Uuid device, Window span);
    Task<std::vector<Instant>> heartbeats(ids::Uuid device, Window span);

private:
    template <class Record>
    struct Held {
        Window span;
        std::vector<Record> records;  // by time
    };
    // One stretch a device, so that what is held grows with the fleet and not with its past.
    template <class Record>
    using Stream = std::map<ids::Uuid, Held<Record>>;
    template <class Record>
    using Read = Task<std::vector<Record>> (*)(db::Session&, ids::Uuid, Window);

    template <class Record>
    Task<std::vector<Record>> within(Stream<Record>& stream, Read<Record> read, ids::Uuid device, Window span);
    Window stretch_around(const ids::Uuid& device, Window span) const;

    db::Session& session_;
    std::map<ids::Uuid, std::set<Instant>> expected_;  // hours
    Stream<Sighting> sightings_;
    Stream<Position> positions_;
    Stream<Instant> heartbeats_;
};

}  // namespace mobilytics::measurements

// The sources' objects (DESIGN D5): object -> incident and newest revision; event -> what became of it; incident ->
// its members. All in state; a bounded cache of the newest objects saves reads and decides nothing.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "libs/base/hash.h"
#include "libs/domain/event.h"
#include "libs/triage/memory/expiry.h"
#include "libs/triage/memory/overlay.h"

namespace ioc::triage {

struct KnownObject {
  IncidentId incident;               // empty: handed over to another partition
  std::uint64_t revision = 0;        // newest
  std::uint32_t hop = 0;
  std::optional<PartitionId> away;   // where its events go
  bool ended = false;
  LogTime followed_at;               // away: when an event last went after it

  // Of a camera's alert (stages/object_life.h):
  EventTime newest_at;               // event time of the newest message; 0: not kept
  EventTime began_at;                // the id was another object's before; 0: it was not
  LogTime silent_at;                 // it is over then, unless it is heard before; 0: never
  IncidentId former;                 // of the object that had the id before; empty: none, or it was handed over

  // It ended, or fell silent.
  [[nodiscard]] bool over(LogTime now) const { return ended || (silent_at.ms() != 0 && silent_at <= now); }
};

struct Member {
  EventId event;
  Feed feed = Feed::CitizenReports;
  std::uint32_t hop = 0;
  bool first = false;  // of its object in this incident
  bool open = false;   // its object had not ended when this was written
  SourceId source;
  ObjectId object;
  EventTime occurred_at;
};

class Objects {
 public:
  Objects(Overlay& state, Expiry& expiry) : x_state(state), x_expiry(expiry) {}

  // Objects in the cache, which decides nothing.
  void set_cached_max(std::uint64_t most) { x_cached_max = most / 2; }
  [[nodiscard]] std::optional<KnownObject> find(const SourceId& source, const ObjectId& object);
  // Gives the hash of source and object id.
  std::uint64_t put(const SourceId& source, const ObjectId& object, KnownObject known);
  // Its events go to that partition from now on; the link leaves the state `kept` after the last of them.
  void put_away(const SourceId& source, const ObjectId& object, KnownObject known, PartitionId to, LogTime now, Millis kept);

  [[nodiscard]] std::size_t cached() const { return x_young.size() + x_old.size(); }

  // Report entries: only for events that the seen window does not cover, and citizens' reports.
  [[nodiscard]] bool has_report(const EventId& event) const;
  // `face`: face.h; empty: only that it was met.
  void put_report(const EventId& event, std::string face);
  // No incident holds the event: its entry leaves the state by itself.
  void forget_report_at(const EventId& event, LogTime at);
  [[nodiscard]] std::string face_of(const EventId& event) const;

  void add_member(const IncidentId& incident, const Member& member);
  void remove_member(const IncidentId& incident, const EventId& event);
  [[nodiscard]] std::optional<Member> member(const IncidentId& incident, const EventId& event) const;
  // In order of event id.
  void for_each_member(const IncidentId& incident, const std::function<bool(const Member&)>& visit) const;
  // What fell due in the state: links that nothing followed for `kept`, report entries.
  void expire_link(std::string_view key, LogTime now, Millis kept);
  void expire_report(std::string_view key) { x_state.erase(Table::Reports, key); }
  static std::uint64_t hash_of(const SourceId& source, const ObjectId& object);
  // Erases members, their objects and report entries. An id that stands for a later object in another incident stays.
  void forget_all_of(const IncidentId& incident);

 private:
  struct Hasher {
    using is_avalanching = void;
    std::size_t operator()(const Hash128& id) const { return id.low; }
  };
  using Cache = boost::unordered_flat_map<Hash128, KnownObject, Hasher>;

  void remember(const Hash128& key, KnownObject known);
  void erase(const std::string& key);

  Overlay& x_state;
  Expiry& x_expiry;
  Cache x_young, x_old;
  std::size_t x_cached_max = 65'536;  // per generation; two generations
};

}  // namespace ioc::triage

#include "libs/triage/memory/objects.h"

#include <vector>

#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

std::string object_key(const SourceId& source, const ObjectId& object) {
  std::string key;
  key.reserve(source.str().size() + 1 + object.str().size());
  return key.append(source.str()).append(1, '\0').append(object.str());
}

std::string member_key(const IncidentId& incident, std::string_view event) {
  std::string key;
  key.reserve(incident.str().size() + 1 + event.size());
  return key.append(incident.str()).append(1, '\0').append(event);
}

std::string encode(const KnownObject& known) {
  Writer out;
  out.text(known.incident.str());
  out.number(known.revision);
  out.number(known.hop);
  out.number(known.away ? known.away->value() + 1ULL : 0);
  out.number(known.ended ? 1 : 0);
  out.signed_number(known.followed_at.ms());
  const bool began_anew = known.began_at.ms() != 0;
  if (known.newest_at.ms() == 0 && known.silent_at.ms() == 0 && !began_anew) return out.take();
  out.fixed(known.newest_at.ms());
  out.fixed(known.silent_at.ms());
  if (!began_anew) return out.take();
  out.fixed(known.began_at.ms());
  out.text(known.former.str());
  return out.take();
}

std::optional<KnownObject> decode_known(std::string_view bytes) {
  Reader in(bytes);
  KnownObject known;
  known.incident = IncidentId(in.text());
  known.revision = in.number();
  known.hop = static_cast<std::uint32_t>(in.number());
  if (const std::uint64_t away = in.number()) known.away = PartitionId(static_cast<std::uint32_t>(away - 1));
  known.ended = in.number() != 0;
  known.followed_at = LogTime::from_ms(in.signed_number());
  if (in.more()) {
    known.newest_at = EventTime::from_ms(in.fixed());
    known.silent_at = LogTime::from_ms(in.fixed());
  }
  if (in.more()) {
    known.began_at = EventTime::from_ms(in.fixed());
    known.former = IncidentId(in.text());
  }
  return in.complete() ? std::optional(known) : std::nullopt;
}

std::string encode(const Member& member) {
  Writer out;
  out.number(static_cast<std::uint64_t>(member.feed));
  out.number(member.hop);
  out.number((member.first ? 1U : 0U) | (member.open ? 2U : 0U));
  out.text(member.source.str());
  out.text(member.object.str());
  out.signed_number(member.occurred_at.ms());
  return out.take();
}

Member decode_member(std::string_view event, std::string_view bytes) {
  Reader in(bytes);
  Member member;
  member.event = EventId(event);
  member.feed = static_cast<Feed>(in.number());
  member.hop = static_cast<std::uint32_t>(in.number());
  const std::uint64_t flags = in.number();
  member.first = (flags & 1) != 0;
  member.open = (flags & 2) != 0;
  member.source = SourceId(in.text());
  member.object = ObjectId(in.text());
  member.occurred_at = EventTime::from_ms(in.signed_number());
  return member;
}

}  // namespace

void Objects::remember(const Hash128& key, KnownObject known) {
  if (x_young.size() >= x_cached_max) {
    x_old = std::move(x_young);
    x_young = Cache();
  }
  x_young.insert_or_assign(key, std::move(known));
}

std::optional<KnownObject> Objects::find(const SourceId& source, const ObjectId& object) {
  const std::string key = object_key(source, object);
  const Hash128 hash = hash128(key);
  if (const auto at = x_young.find(hash); at != x_young.end()) return at->second;
  if (const auto at = x_old.find(hash); at != x_old.end()) return at->second;
  const auto bytes = x_state.get(Table::Objects, key);
  if (!bytes) return std::nullopt;
  const auto known = decode_known(*bytes);
  if (known) remember(hash, *known);
  return known;
}

std::uint64_t Objects::put(const SourceId& source, const ObjectId& object, KnownObject known) {
  const std::string key = object_key(source, object);
  const Hash128 hash = hash128(key);
  x_state.put(Table::Objects, key, encode(known));
  remember(hash, std::move(known));
  return hash.low;
}

std::uint64_t Objects::hash_of(const SourceId& source, const ObjectId& object) { return hash128(object_key(source, object)).low; }

void Objects::erase(const std::string& key) {
  const Hash128 hash = hash128(key);
  x_state.erase(Table::Objects, key);
  x_young.erase(hash);
  x_old.erase(hash);
}

void Objects::put_away(const SourceId& source, const ObjectId& object, KnownObject known, PartitionId to, LogTime now,
                       Millis kept) {
  // One entry in the expiry is enough: when it falls due it looks at the last event that followed.
  if (!known.away) x_expiry.at(now + kept, Expiry::kLink, object_key(source, object));
  known.incident = {};
  known.away = to;
  known.followed_at = now;
  put(source, object, std::move(known));
}

void Objects::expire_link(std::string_view key, LogTime now, Millis kept) {
  const auto bytes = x_state.get(Table::Objects, key);
  const auto known = bytes ? decode_known(*bytes) : std::nullopt;
  if (!known || !known->away) return;
  if (known->followed_at + kept > now) return x_expiry.at(known->followed_at + kept, Expiry::kLink, key);
  erase(std::string(key));
}

void Objects::forget_report_at(const EventId& event, LogTime at) {
  if (has_report(event)) x_expiry.at(at, Expiry::kReport, event.str());
}

bool Objects::has_report(const EventId& event) const { return x_state.get(Table::Reports, event.str()).has_value(); }

void Objects::put_report(const EventId& event, std::string face) { x_state.put(Table::Reports, event.str(), std::move(face)); }

std::string Objects::face_of(const EventId& event) const { return x_state.get(Table::Reports, event.str()).value_or(""); }

void Objects::add_member(const IncidentId& incident, const Member& member) {
  x_state.put(Table::Members, member_key(incident, member.event.str()), encode(member));
}

void Objects::remove_member(const IncidentId& incident, const EventId& event) {
  x_state.erase(Table::Members, member_key(incident, event.str()));
}

std::optional<Member> Objects::member(const IncidentId& incident, const EventId& event) const {
  const auto bytes = x_state.get(Table::Members, member_key(incident, event.str()));
  return bytes ? std::optional(decode_member(event.str(), *bytes)) : std::nullopt;
}

void Objects::for_each_member(const IncidentId& incident, const std::function<bool(const Member&)>& visit) const {
  const std::string prefix = member_key(incident, "");
  x_state.scan(Table::Members, prefix, [&](std::string_view key, std::string_view value) {
    return visit(decode_member(key.substr(prefix.size()), value));
  });
}

void Objects::forget_all_of(const IncidentId& incident) {
  std::vector<Member> members;
  for_each_member(incident, [&](const Member& member) {
    members.push_back(member);
    return true;
  });
  for (const Member& member : members) {
    remove_member(incident, member.event);
    x_state.erase(Table::Reports, member.event.str());
    const auto known = find(member.source, member.object);
    if (known && known->incident == incident) erase(object_key(member.source, member.object));
  }
}

}  // namespace ioc::triage

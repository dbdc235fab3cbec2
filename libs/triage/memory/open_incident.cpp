#include "libs/triage/memory/open_incident.h"

#include "libs/base/hash.h"
#include "libs/domain/wire.h"
#include "libs/geo/address.h"
#include "libs/text/fold.h"
#include "libs/triage/codec.h"

namespace ioc::triage {
namespace {

void put_silences(const Silences& silences, Writer& out) {
  out.number(silences.listed.size());
  for (const Silence& one : silences.listed) {
    out.number(one.object);
    out.signed_number(one.at_ms);
  }
  out.signed_number(silences.unlisted_ms);
}

void take_silences(Reader& in, Silences& silences) {
  silences.listed.resize(in.count());
  for (Silence& one : silences.listed) {
    one.object = in.number();
    one.at_ms = in.signed_number();
  }
  silences.unlisted_ms = in.signed_number();
}

}  // namespace

std::string encode_stored(const OpenIncident& incident) {
  const Beside& beside = incident.beside;
  Writer out;
  out.text(wire::encode(incident.shown));
  out.number(beside.opened_number);
  out.text(beside.kind);
  out.number(beside.repeats.size());
  for (const RepeatKey& repeat : beside.repeats) {
    out.text(repeat.key);
    for (const std::int64_t ms : repeat.newest_ms) out.signed_number(ms);
    out.number(repeat.owned ? 1 : 0);
  }
  out.number(beside.apart_from.size());
  for (const IncidentId& id : beside.apart_from) out.text(id.str());
  out.number(beside.objects_open);
  out.number((beside.default_spot ? 1U : 0U) | (beside.closed_by_record ? 2U : 0U) | (beside.top_shut ? 4U : 0U) |
             (beside.top_closed ? 8U : 0U) | (beside.parked ? 16U : 0U) | (beside.in_past ? 32U : 0U) | (beside.denied_spot ? 64U : 0U));
  out.number(static_cast<std::uint64_t>(beside.before_merge));
  out.number(beside.parts_left);
  out.signed_number(beside.snapshot_at.ms());
  out.signed_number(beside.counts_due.ms());
  out.signed_number(beside.close_at.ms());
  out.signed_number(beside.forget_at.ms());
  out.signed_number(beside.archive_at.ms());
  if (!beside.marks.empty() || !beside.silences.empty()) out.text(encode_marks(beside.marks));
  if (!beside.silences.empty()) put_silences(beside.silences, out);
  return out.take();
}

bool decode_stored(std::string_view bytes, OpenIncident& into) {
  Reader in(bytes);
  auto shown = wire::decode_incident(in.text());
  if (!shown) return false;
  into.shown = std::move(shown.value());
  Beside& beside = into.beside;
  beside.opened_number = in.number();
  beside.kind = in.text();
  beside.repeats.resize(in.count());
  for (RepeatKey& repeat : beside.repeats) {
    repeat.key = in.text();
    for (std::int64_t& ms : repeat.newest_ms) ms = in.signed_number();
    repeat.owned = in.number() != 0;
  }
  beside.apart_from.resize(in.count());
  for (IncidentId& id : beside.apart_from) id = IncidentId(in.text());
  beside.objects_open = in.number();
  const std::uint64_t flags = in.number();
  beside.default_spot = (flags & 1) != 0;
  beside.closed_by_record = (flags & 2) != 0;
  beside.top_shut = (flags & 4) != 0;
  beside.top_closed = (flags & 8) != 0;
  beside.parked = (flags & 16) != 0;
  beside.in_past = (flags & 32) != 0;
  beside.denied_spot = (flags & 64) != 0;
  const std::uint64_t before = in.number();
  if (before < 1 || before > static_cast<std::uint64_t>(IncidentState::Closed)) return false;
  beside.before_merge = static_cast<IncidentState>(before);
  beside.parts_left = in.number();
  beside.snapshot_at = LogTime::from_ms(in.signed_number());
  beside.counts_due = LogTime::from_ms(in.signed_number());
  beside.close_at = LogTime::from_ms(in.signed_number());
  beside.forget_at = LogTime::from_ms(in.signed_number());
  beside.archive_at = LogTime::from_ms(in.signed_number());
  if (in.more() && !decode_marks(in.text(), beside.marks)) return false;
  if (in.more()) take_silences(in, beside.silences);
  return in.complete();
}

namespace {

// Bit 0: it is known; bit 1: it is exact.
std::uint64_t hash_of_key(const std::string& key) {
  const geo::Precision precision = geo::precision_of(key);
  if (precision == geo::Precision::Unknown) return 0;
  return (hash128(key).low & ~std::uint64_t{3}) | (precision == geo::Precision::Exact ? 3 : 1);
}

}  // namespace

std::uint64_t address_hash(std::string_view address) { return address.empty() ? 0 : hash_of_key(geo::address_key(address)); }

std::uint64_t AddressHash::of(std::string_view address) {
  if (address.empty()) {
    *this = {};
    return 0;
  }
  const Hash128 text = hash128(address);
  if (text == x_text) return x_hash;
  x_text = text;
  const geo::ReadAddress read = geo::read_address(address);
  x_town = read.town.empty() ? 0 : hash128(read.town).low | 1;
  return x_hash = hash_of_key(read.key);
}

std::uint64_t type_hash(std::string_view category, std::string_view sender_category) {
  if (category != "khac" || sender_category.empty()) return hash128(category).low;
  return hash128(text::fold(sender_category), 1).low;
}

}  // namespace ioc::triage

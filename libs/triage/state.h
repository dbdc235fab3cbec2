// Where triage's state lives between steps: tables of keys and values. The runtime maps them to RocksDB
// (DESIGN D3); tests map them to a std::map.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ioc::triage {

// Keys within a table are the machine's own business; the runtime prefixes them with the partition.
enum class Table : std::uint8_t {
  Meta,       // log time, next offset, counters, active bundle, running hash, waiting effects
  Incidents,  // incident id -> incident with what the machine keeps beside the snapshot
  Members,    // incident id + event id: full membership
  Objects,    // source + object id -> incident, newest revision
  Seen,       // packed event ids, one record a batch, in time order
  Reports,    // event id -> what became of it
  Other,      // cameras' and checkpoints' memory, default coordinates, ...
};
inline constexpr Table kTables[] = {Table::Meta,    Table::Incidents, Table::Members, Table::Objects,
                                    Table::Seen,    Table::Reports,   Table::Other};
std::string_view name_of(Table table);

// Exactly the state at this offset: unwritten deltas first, then what is stored.
class StateView {
 public:
  virtual ~StateView() = default;
  [[nodiscard]] virtual std::optional<std::string> get(Table table, std::string_view key) const = 0;
  // Keys in [from, until) in order ("" as until = to the end) until `visit` returns false.
  virtual void scan(Table table, std::string_view from, std::string_view until,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const = 0;
};

struct StateWrite {
  Table table = Table::Meta;
  std::string key;
  std::optional<std::string> value;  // nullopt: erase
  friend bool operator==(const StateWrite&, const StateWrite&) = default;
};

}  // namespace ioc::triage

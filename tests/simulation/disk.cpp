#include "tests/simulation/disk.h"

#include "libs/triage/codec.h"

namespace ioc::simulation {

void Disk::write(PartitionId partition, const std::vector<triage::StateWrite>& writes) {
  std::vector<Before> undo;
  undo.reserve(writes.size());
  for (const triage::StateWrite& one : writes) {
    const Place place{partition, one.table};
    Rows& rows = x_rows[place];
    const auto found = rows.find(one.key);
    undo.push_back({place, one.key, found == rows.end() ? std::nullopt : std::optional(found->second)});
    if (one.value) {
      rows.insert_or_assign(one.key, *one.value);
    } else if (found != rows.end()) {
      rows.erase(found);
    }
  }
  x_unsynced.push_back(std::move(undo));
}

void Disk::lose(std::size_t batches) {
  for (std::size_t i = 0; i < batches && !x_unsynced.empty(); ++i) {
    std::vector<Before> undo = std::move(x_unsynced.back());
    x_unsynced.pop_back();
    const std::size_t kept = tears_batches && i + 1 == batches ? undo.size() / 2 : 0;
    for (std::size_t k = undo.size(); k > kept; --k) {
      Before& before = undo[k - 1];
      Rows& rows = x_rows[before.place];
      if (before.value) {
        rows.insert_or_assign(before.key, *std::move(before.value));
      } else {
        rows.erase(before.key);
      }
    }
  }
  sync();
}

void Disk::wipe() {
  x_rows.clear();
  x_unsynced.clear();
}

const Disk::Rows* Disk::rows(PartitionId partition, triage::Table table) const {
  const auto found = x_rows.find({partition, table});
  return found == x_rows.end() ? nullptr : &found->second;
}

Result<void> ModelStore::write(PartitionId partition, const std::vector<triage::StateWrite>& writes) {
  if (x_timeline) x_timeline->boundary(*x_process, "state write");
  if (x_disk.full) {
    if (x_probes) x_probes->hit("state store full");
    return transient("the disk is full");
  }
  x_disk.write(partition, writes);
  if (on_written) on_written(partition);
  if (x_timeline) {
    if (x_timeline->random.chance(150)) x_disk.sync();
    x_timeline->boundary(*x_process, "state write: done");
  }
  return {};
}

std::optional<std::string> ModelStore::get(PartitionId partition, triage::Table table, std::string_view key) const {
  const Disk::Rows* rows = x_disk.rows(partition, table);
  if (rows == nullptr) return std::nullopt;
  const auto found = rows->find(key);
  return found == rows->end() ? std::nullopt : std::optional(found->second);
}

void ModelStore::scan(PartitionId partition, triage::Table table, std::string_view from, std::string_view until,
                      const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const Disk::Rows* rows = x_disk.rows(partition, table);
  if (rows == nullptr) return;
  for (auto at = rows->lower_bound(from); at != rows->end() && (until.empty() || at->first < until); ++at) {
    if (!visit(at->first, at->second)) return;
  }
}

std::optional<Offset> stored_offset(const Disk& disk, PartitionId partition) {
  const Disk::Rows* rows = disk.rows(partition, triage::Table::Meta);
  const auto found = rows == nullptr ? Disk::Rows::const_iterator() : rows->find("machine");
  if (rows == nullptr || found == rows->end()) return std::nullopt;
  triage::Reader meta(found->second);  // layout, log time, next offset (libs/triage/README.md)
  meta.number();
  meta.signed_number();
  return Offset(meta.number());
}

}  // namespace ioc::simulation

#include "libs/log/embedded/partition.h"

#include <algorithm>

namespace ioc::log::embedded {

void Waiter::arm(std::function<void()> ready) {
  const std::lock_guard lock(x_mutex);
  x_ready = std::move(ready);
}

void Waiter::disarm() {
  const std::lock_guard lock(x_mutex);
  x_ready = nullptr;
}

void Waiter::fire() {
  const std::lock_guard lock(x_mutex);
  if (const auto ready = std::exchange(x_ready, nullptr)) ready();
}

void Partition::restore(std::uint64_t start, std::vector<Segment> sealed, std::optional<Segment> active) {
  const std::lock_guard lock(x_mutex);
  x_start = start;
  x_end = start;
  x_sealed.assign(sealed.begin(), sealed.end());
  if (!x_sealed.empty()) x_end = std::max(x_end, x_sealed.back().last + 1);
  x_active = active;
  if (x_active) x_end = std::max(x_end, x_active->last + 1);
}

Range Partition::range() const {
  const std::lock_guard lock(x_mutex);
  return {Offset(x_start), Offset(x_end)};
}

std::shared_ptr<const Block> Partition::in_memory(std::uint64_t offset) const {
  const std::lock_guard lock(x_mutex);
  if (x_tail.empty() || offset < x_tail.front()->first || offset > x_tail.back()->last) return nullptr;
  const auto after = std::upper_bound(x_tail.begin(), x_tail.end(), offset,
                                      [](std::uint64_t wanted, const auto& block) { return wanted < block->first; });
  return *std::prev(after);
}

void Partition::publish(const Addition& addition) {
  std::vector<std::shared_ptr<Waiter>> waiters;
  {
    const std::lock_guard lock(x_mutex);
    for (const auto& block : addition.blocks) {
      x_tail.push_back(block);
      x_tail_bytes += block->bytes.size();
      x_end = block->last + 1;
    }
    trim_tail();
    x_sealed.insert(x_sealed.end(), addition.sealed.begin(), addition.sealed.end());
    x_active = addition.active;
    waiters = x_waiters;
  }
  for (const auto& each : waiters) each->fire();
}

// The newest block stays whatever its size: followers are about to ask for it.
void Partition::trim_tail() {
  while (x_tail.size() > 1 && x_tail_bytes > x_tail_bytes_max) {
    x_tail_bytes -= x_tail.front()->bytes.size();
    x_tail.pop_front();
  }
}

void Partition::move_start(std::uint64_t start) {
  const std::lock_guard lock(x_mutex);
  x_start = std::max(x_start, start);
  while (!x_sealed.empty() && x_sealed.front().last < x_start) x_sealed.pop_front();
  if (x_active && x_active->last < x_start) x_active.reset();
  while (!x_tail.empty() && x_tail.front()->last < x_start) {
    x_tail_bytes -= x_tail.front()->bytes.size();
    x_tail.pop_front();
  }
}

void Partition::replace(const Segment& merged) {
  const std::lock_guard lock(x_mutex);
  const auto first = std::find_if(x_sealed.begin(), x_sealed.end(),
                                  [&](const Segment& each) { return each.first >= merged.first; });
  const auto last =
      std::find_if(first, x_sealed.end(), [&](const Segment& each) { return each.first > merged.last; });
  x_sealed.insert(x_sealed.erase(first, last), merged);
}

std::optional<Segment> Partition::active() const {
  const std::lock_guard lock(x_mutex);
  return x_active;
}

std::vector<Segment> Partition::sealed() const {
  const std::lock_guard lock(x_mutex);
  return {x_sealed.begin(), x_sealed.end()};
}

void Partition::attach(std::shared_ptr<Waiter> waiter) {
  const std::lock_guard lock(x_mutex);
  x_waiters.push_back(std::move(waiter));
}

void Partition::detach(const std::shared_ptr<Waiter>& waiter) {
  const std::lock_guard lock(x_mutex);
  std::erase(x_waiters, waiter);
}

}  // namespace ioc::log::embedded

#include "libs/store/batch.h"

namespace ioc::store {

Batch::Batch() : x_impl(std::make_unique<Impl>()) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

void Batch::put(Family family, std::string_view key, std::string_view value) {
  x_impl->add(Impl::Kind::Put, family, key, value);
}

void Batch::erase(Family family, std::string_view key) { x_impl->add(Impl::Kind::Erase, family, key, {}); }

void Batch::erase_range(Family family, std::string_view from, std::string_view until) {
  x_impl->add(Impl::Kind::EraseRange, family, from, until);
}

std::size_t Batch::size_bytes() const { return x_impl->bytes.size(); }
bool Batch::empty() const { return x_impl->list.empty(); }

void Batch::clear() {
  x_impl->list.clear();
  x_impl->bytes.clear();
}

}  // namespace ioc::store

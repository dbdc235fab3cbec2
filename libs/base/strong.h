// Strong types for ids and offsets: a `PartitionId` is not an `Offset`, an `EventId` not an `IncidentId`.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace ioc {

template <class Tag>
class StringId {
 public:
  StringId() = default;
  explicit StringId(std::string value) : x_value(std::move(value)) {}
  explicit StringId(std::string_view value) : x_value(value) {}
  explicit StringId(const char* value) : x_value(value) {}

  [[nodiscard]] const std::string& str() const noexcept { return x_value; }
  [[nodiscard]] bool empty() const noexcept { return x_value.empty(); }

  friend bool operator==(const StringId&, const StringId&) = default;
  friend auto operator<=>(const StringId&, const StringId&) = default;

 private:
  std::string x_value;
};

template <class Tag, class Number>
class NumberId {
 public:
  constexpr NumberId() = default;
  constexpr explicit NumberId(Number value) : x_value(value) {}

  [[nodiscard]] constexpr Number value() const noexcept { return x_value; }
  [[nodiscard]] constexpr NumberId next(Number by = 1) const { return NumberId(x_value + by); }

  friend constexpr bool operator==(NumberId, NumberId) = default;
  friend constexpr auto operator<=>(NumberId, NumberId) = default;

 private:
  Number x_value = 0;
};

}  // namespace ioc

template <class Tag>
struct std::hash<ioc::StringId<Tag>> {
  std::size_t operator()(const ioc::StringId<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};

template <class Tag, class Number>
struct std::hash<ioc::NumberId<Tag, Number>> {
  std::size_t operator()(ioc::NumberId<Tag, Number> id) const noexcept {
    return std::hash<Number>{}(id.value());
  }
};

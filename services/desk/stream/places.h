// Who follows streams: nobody takes the places of all others.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace ioc::desk::stream {

// Any thread. Outlives what it gave.
class Places {
 public:
  struct Wish {
    std::string caller;           // one token, session or person
    std::size_t caller_max = 0;
    std::string kind;             // callers of one kind share its places
    std::size_t kind_max = 0;
    std::size_t caller_reserved = 0;  // of a caller's places, those that it gets even where its kind has none left
  };
  using Place = std::shared_ptr<const void>;  // until the last copy goes

  // nullptr: there is none.
  Place take(const Wish& wish);

 private:
  void give_back(const std::string& caller, const std::string& kind);
  std::mutex x_mutex;
  std::map<std::string, std::size_t> x_callers, x_kinds;
};

}  // namespace ioc::desk::stream

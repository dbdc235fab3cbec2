// One browser that follows /v1/stream. What is published is serialised once for all of them; each has a queue of its
// own, bounded in bytes: a client that does not keep up is dropped and comes back with its last id.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "services/desk/stream/wakeup.h"

namespace ioc::desk::stream {

// Who reads: what may hold personal data beyond title and summary is not for the wall.
enum class Audience : std::uint8_t { Staff = 0, Kiosk = 1 };
inline constexpr Audience kAudiences[] = {Audience::Staff, Audience::Kiosk};

// The same moment as text for each audience.
struct Frames {
  std::string text[2];
  [[nodiscard]] const std::string& of(Audience audience) const { return text[static_cast<std::size_t>(audience)]; }
};

class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(boost::asio::any_io_executor strand, Audience audience, std::size_t queue_bytes_max)
      : x_strand(strand), x_audience(audience), x_queue_bytes_max(queue_bytes_max),
        x_wakeup(std::make_shared<Wakeup>(std::move(strand))) {}

  void push(std::shared_ptr<const Frames> frames);  // any thread
  void close();                                     // any thread

  // The next frames; nullptr when the client was closed or dropped. On the client's strand.
  boost::asio::awaitable<std::shared_ptr<const Frames>> next();
  [[nodiscard]] bool dropped() const { return x_dropped; }  // on the client's strand
  [[nodiscard]] Audience audience() const { return x_audience; }

 private:
  boost::asio::any_io_executor x_strand;
  Audience x_audience;
  std::size_t x_queue_bytes_max;
  std::shared_ptr<Wakeup> x_wakeup;
  std::deque<std::shared_ptr<const Frames>> x_queue;
  std::size_t x_queue_bytes = 0;
  bool x_closed = false, x_dropped = false;
};

}  // namespace ioc::desk::stream

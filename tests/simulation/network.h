// Requests between a process and the broker. A connection can be lost before a request arrives, before its answer does,
// or so that the request arrives much later, after its sender has sent it again.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "tests/simulation/broker.h"

namespace ioc::simulation {

class Network {
 public:
  Network(Timeline& timeline, Broker& broker, Probes& probes) : x_timeline(timeline), x_broker(broker), x_probes(probes) {}

  // `apply` runs at the broker, `answered` in the process: nullopt = the connection was lost, and nobody knows.
  template <class Answer>
  void call(const ProcessPtr& process, const char* what, std::function<Answer()> apply,
            std::function<void(std::optional<Answer>)> answered) {
    x_timeline.boundary(*process, what);
    const Weather& weather = x_broker.weather;
    const auto lost = [this, process, answered] {
      x_timeline.in(trip(), process, [this, process, answered] {
        x_timeline.boundary(*process, "connection lost");
        answered(std::nullopt);
      });
    };
    const bool late = x_timeline.random.chance(weather.late_request_permille);
    if (late || x_timeline.random.chance(weather.lost_request_permille)) {
      if (late) {
        x_timeline.in(Moment(x_timeline.random.between(500, std::max<std::int64_t>(5'000, weather.latest.count()))), nullptr,
                      [this, apply] {
                        if (x_broker.weather.broker_down) return;
                        x_probes.hit("late request applied");
                        static_cast<void>(apply());
                      });
      }
      lost();
      x_timeline.boundary(*process, "request lost");
      return;
    }
    const bool reply_lost = x_timeline.random.chance(weather.lost_reply_permille);
    x_timeline.in(trip(), nullptr, [this, process, apply = std::move(apply), answered = std::move(answered), lost, reply_lost] {
      if (x_broker.weather.broker_down) return lost();
      Answer answer = apply();
      if (reply_lost) return lost();
      x_timeline.in(trip(), process, [this, process, answered, answer = std::move(answer)] {
        x_timeline.boundary(*process, "answered");
        answered(answer);
      });
    });
    x_timeline.boundary(*process, "request sent");
  }

 private:
  [[nodiscard]] Moment trip() { return Moment(x_timeline.random.between(40, x_broker.weather.longest_trip.count())); }

  Timeline& x_timeline;
  Broker& x_broker;
  Probes& x_probes;
};

}  // namespace ioc::simulation

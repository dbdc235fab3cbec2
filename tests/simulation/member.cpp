#include "tests/simulation/member.h"

namespace ioc::simulation {
namespace {
constexpr Moment kBeat = std::chrono::milliseconds(120);
constexpr Moment kSync = std::chrono::milliseconds(3);
constexpr Moment kLookAgain = std::chrono::milliseconds(1'500);  // a session
}

void Member::start(Listener listener) {
  x_listener = std::move(listener);
  beat();
}

void Member::later() {
  x_timeline.in(x_state == State::Waiting ? kSync : kBeat, x_process, [this] { beat(); });
}

void Member::beat() {
  switch (x_state) {
    case State::Out: return ask_join();
    case State::Waiting: return ask_assignment();
    case State::Joined:
    case State::Revoking: return ask_beat();
    case State::Fenced: return x_timeline.now() < x_look_again ? later() : ask_whether_free();
    case State::Left: return;
  }
}

void Member::ask_join() {
  x_network.call<std::string>(
      x_process, "join", [this, instance = x_instance, id = x_id, &group = x_broker.group] { return group.join(instance, id); },
      [this](const std::optional<std::string>& id) {
        if (id && x_state == State::Out) {
          x_id = *id;
          x_state = State::Waiting;
        }
        later();
      });
}

void Member::ask_assignment() {
  x_network.call<GroupCoordinator::Assignment>(
      x_process, "sync", [id = x_id, &group = x_broker.group] { return group.assignment(id); },
      [this](const std::optional<GroupCoordinator::Assignment>& assignment) {
        if (assignment && assignment->code == Code::None && x_state == State::Waiting) {
          x_state = State::Joined;
          x_generation = assignment->generation;
          for (const PartitionId partition : assignment->partitions) {
            x_held.insert(partition);
            x_listener.assigned(partition);
          }
        } else if (assignment && assignment->code != Code::RebalanceInProgress) {
          take(assignment->code);
        }
        later();
      });
}

void Member::ask_beat() {
  x_network.call<Code>(
      x_process, "heartbeat", [key = key(), &group = x_broker.group] { return group.beat(key); },
      [this](const std::optional<Code>& code) {
        if (code && x_state == State::Joined) take(*code);
        later();
      });
}

// A repeated request to join of its own may have fenced it: such a member never beats, and its name is free after a session.
void Member::ask_whether_free() {
  x_look_again = x_timeline.now() + kLookAgain;
  x_network.call<bool>(
      x_process, "is the name free", [instance = x_instance, &group = x_broker.group] { return group.is_free(instance); },
      [this](const std::optional<bool>& free) {
        if (free.value_or(false) && x_state == State::Fenced) {
          x_probes.hit("fenced member came back");
          x_id.clear();
          x_generation = -1;
          x_state = State::Out;
        }
        later();
      });
}

void Member::take(Code code) {
  switch (code) {
    case Code::FencedInstance:
      x_probes.hit("member fenced by its double");
      x_look_again = x_timeline.now() + kLookAgain;
      return revoke_all(State::Fenced, false);
    case Code::UnknownMember:
      x_probes.hit("member lost its place");
      return revoke_all(State::Out, true);
    case Code::RebalanceInProgress:
    case Code::IllegalGeneration:
      x_probes.hit("rebalanced");
      return revoke_all(State::Out, false);
    default: return;
  }
}

void Member::revoke_all(State then, bool forget_id) {
  x_state = State::Revoking;
  x_stopping = x_held.size() + 1;
  const auto stopped = [this, then, forget_id] {
    if (--x_stopping > 0) return;
    x_state = then;
    if (forget_id) {
      x_id.clear();
      x_generation = -1;
    }
    if (then == State::Left) x_left();
  };
  for (const PartitionId partition : std::exchange(x_held, {})) x_listener.revoked(partition, stopped);
  stopped();
}

void Member::leave(std::function<void()> left) {
  x_left = [this, left = std::move(left)] {
    x_network.call<bool>(
        x_process, "leave",
        [id = x_id, &group = x_broker.group] {
          group.leave(id);
          return true;
        },
        [left](const std::optional<bool>&) { left(); });
  };
  if (x_state == State::Left || x_state == State::Fenced || x_state == State::Revoking) return x_left();
  revoke_all(State::Left, false);
}

MemberKey Member::key() const { return {x_id, x_instance, x_generation}; }

}  // namespace ioc::simulation

#include "services/triage/strand.h"

#include <future>

namespace ioc::triage_service {

Strand::Strand(Scheduler& scheduler) : x_scheduler(scheduler), x_core(std::make_shared<Core>()) {
  x_core->scheduler = &scheduler;
}

Strand::~Strand() { end(); }

void Strand::end() {
  x_core->alive = false;
  const std::lock_guard lock(x_core->mutex);
  x_core->scheduler = nullptr;
}

void Strand::post_to(const std::shared_ptr<Core>& core, std::function<void()> work) {
  const std::lock_guard lock(core->mutex);
  if (core->scheduler == nullptr) return;
  core->scheduler->post([core, work = std::move(work)] {
    if (core->alive) work();
  });
}

void Strand::post(std::function<void()> work) const { post_to(x_core, std::move(work)); }

void Strand::after(Millis delay, std::function<void()> work) const {
  const std::lock_guard lock(x_core->mutex);
  if (x_core->scheduler == nullptr) return;
  x_core->scheduler->after(delay, [core = x_core, work = std::move(work)] {
    if (core->alive) work();
  });
}

void Strand::blocking(std::function<void()> work, std::function<void()> then) {
  ++x_busy;
  x_scheduler.blocking(std::move(work), [this, core = x_core, then = std::move(then)] {
    if (!core->alive) return;
    --x_busy;
    then();
    // The end of the strand may have been the end of its owner.
    if (core->alive && x_busy == 0 && x_idle) x_idle();
  });
}

void run_and_wait(Scheduler& scheduler, const std::function<void()>& work) {
  // Shared: set_value() may still be in it when the waiting thread goes on.
  const auto done = std::make_shared<std::promise<void>>();
  scheduler.post([&work, done] {
    work();
    done->set_value();
  });
  done->get_future().wait();
}

}  // namespace ioc::triage_service

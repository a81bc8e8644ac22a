#include "engine/interpreters.h"

namespace counterpart::engine {

std::unique_ptr<expression::Interpreter> Interpreters::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<expression::Interpreter> taken = std::move(idle_.back());
      idle_.pop_back();
      return taken;
    }
  }
  return std::make_unique<expression::Interpreter>(program_);
}

void Interpreters::give_back(std::unique_ptr<expression::Interpreter> interpreter) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(interpreter));
}

}  // namespace counterpart::engine

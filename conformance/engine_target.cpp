#include "conformance/engine_target.h"

#include "engine/scenario/given.h"

namespace counterpart::conformance {

namespace {

class EngineConversation final : public Conversation {
 public:
  EngineConversation(const engine::Engine& engine, std::unique_ptr<state::Space> space)
      : engine_(engine), space_(std::move(space)) {
    is_fresh = true;
    has_given = true;
  }

  Reply send(const http::Request& request, bool) override {
    Reply reply;
    reply.response = engine_.answer(request, *space_).response;
    return reply;
  }

  std::string url(const std::string&) const override { return ""; }

  std::string advance(int64_t ms) override {
    space_->clock->advance(ms);
    return "";
  }

 private:
  const engine::Engine& engine_;
  std::unique_ptr<state::Space> space_;
};

class EngineTarget final : public Target {
 public:
  EngineTarget(std::shared_ptr<const engine::Engine> engine, std::unique_ptr<state::Space> initial)
      : engine_(std::move(engine)), initial_(std::move(initial)) {}

  std::string description() const override { return "the contract's own engine"; }
  bool is_isolated() const override { return true; }
  bool is_known() const override { return true; }

  std::unique_ptr<Conversation> open(const scenario::Scenario* scenario) override {
    const int64_t now = initial_->clock->now_ms();
    constexpr uint64_t seed = 0;  // the oracle's
    auto space = initial_->fork(
        std::make_unique<state::VirtualClock>(scenario == nullptr ? now : scenario->clock_ms.value_or(now)), seed);
    space->random.resume(initial_->random.drawn());  // no value is drawn twice
    if (scenario != nullptr) {
      document::Diagnostics unused;
      scenario::apply_given(*scenario, *engine_, *space, unused);
    }
    return std::make_unique<EngineConversation>(*engine_, std::move(space));
  }

 private:
  const std::shared_ptr<const engine::Engine> engine_;
  const std::unique_ptr<state::Space> initial_;
};

}  // namespace

std::unique_ptr<Target> make_engine_target(std::shared_ptr<const engine::Engine> engine,
                                           document::Diagnostics& diagnostics) {
  auto initial = engine->make_space({0, 0, nullptr}, diagnostics);
  if (initial == nullptr) return nullptr;
  return std::make_unique<EngineTarget>(std::move(engine), std::move(initial));
}

}  // namespace counterpart::conformance

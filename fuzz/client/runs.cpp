#include "fuzz/client/runs.h"

#include <fmt/format.h>

#include <utility>

#include "mock/spaces.h"

namespace counterpart::fuzz::client {

namespace {

/// Whether a body written as a value is read back as the same bytes.
bool says_the_same(const mock::Cues& cues, const Damage& damage) {
  const auto& changes = cues.entries().back().override_;
  if (!changes || !changes->body) return true;
  return changes->body->is_constant() && changes->body->text() == damage.variant->answer.body;
}

}  // namespace

Runs::Runs(const World& world, const Options& options)
    : world_(world), options_(options), commands_(options.command, options.timeout, options.at_once) {}

std::optional<Ended> Runs::clean(const std::string& space) {
  world_.spaces.use(space)->reset(options_.seed);
  std::optional<Ended> clean;
  commands_.run([&](size_t number) { return number == 0 ? std::optional(world_.environment(space)) : std::nullopt; },
                [&](size_t, Ended ended) { clean = std::move(ended); });
  return clean;
}

std::shared_ptr<mock::Cues> Runs::cues_of(Damage& damage) const {
  const contract::Contract& contract = world_.spaces.stage()->seats()[0].engine->contract();
  for (;;) {
    document::Diagnostics diagnostics;
    auto cues = mock::Cues::parse("play", play_text(damage), contract, diagnostics);
    if (cues != nullptr && (damage.as_bytes || says_the_same(*cues, damage))) return cues;
    if (damage.as_bytes || !damage.variant) return nullptr;
    damage.as_bytes = true;
  }
}

bool Runs::prepare(const std::string& name, Damage& damage) {
  const auto cues = cues_of(damage);
  if (cues == nullptr) {
    error_ = "this cannot be played:\n" + play_text(damage);
    return false;
  }
  const mock::Spaces::Use space = world_.spaces.use(name);
  space->reset(damage.seed);
  space->add_cues(0, cues);
  return true;
}

Results Runs::play(std::vector<Damage> damages, SteadyClock::time_point deadline,
                   const std::function<void(Results&)>& on_end) {
  Results results(damages.size());
  const size_t first = std::exchange(begun_, begun_ + damages.size());
  // No name is used twice: a request of a run that was killed may still be on its way.
  const auto name_of_run = [&](size_t number) { return fmt::format("run-{}", first + number); };
  const auto next = [&](size_t number) -> std::optional<Commands::Environment> {
    if (number >= damages.size() || SteadyClock::now() >= deadline || !error_.empty()) return std::nullopt;
    if (!prepare(name_of_run(number), damages[number])) return std::nullopt;
    return world_.environment(name_of_run(number));
  };
  commands_.run(next, [&](size_t number, Ended ended) {
    world_.spaces.remove(name_of_run(number));
    if (!ended.error.empty()) {
      error_ = fmt::format("cannot run {}: {}", options_.command[0], ended.error);
      return;
    }
    results[number] = std::move(ended);
    on_end(results);
  });
  return results;
}

}  // namespace counterpart::fuzz::client

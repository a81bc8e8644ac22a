#include "mock/play/script.h"

namespace counterpart::mock {

namespace {

/// Takes one of the times left; false when there are none.
bool take(std::atomic<uint64_t>& left) {
  uint64_t now = left.load();
  while (now > 0) {
    if (now == UINT64_MAX || left.compare_exchange_weak(now, now - 1)) return true;
  }
  return false;
}

bool wins(double chance, state::Random& random) {
  if (chance >= 1) return true;
  constexpr uint64_t resolution = uint64_t{1} << 53;  // what a double tells apart
  return static_cast<double>(random.below(resolution)) < chance * static_cast<double>(resolution);
}

}  // namespace

Script::Act::Act(std::shared_ptr<Cues> of) : cues(std::move(of)), left(cues->entries().size()) {
  for (size_t i = 0; i < left.size(); ++i) left[i] = cues->entries()[i].times.value_or(UINT64_MAX);
}

std::shared_ptr<const Script::Acts> Script::acts() const {
  const std::lock_guard lock(mutex_);
  return acts_;
}

void Script::add(std::shared_ptr<Cues> cues) {
  const std::lock_guard lock(mutex_);
  auto acts = std::make_shared<Acts>(*acts_);
  acts->push_back(std::make_shared<Act>(std::move(cues)));
  acts_ = std::move(acts);
  is_empty_ = false;
}

void Script::clear() {
  const std::lock_guard lock(mutex_);
  acts_ = std::make_shared<Acts>();
  is_empty_ = true;
}

std::vector<std::shared_ptr<Cues>> Script::cues() const {
  std::vector<std::shared_ptr<Cues>> all;
  for (const auto& act : *acts()) all.push_back(act->cues);
  return all;
}

std::optional<Cue> Script::next(engine::Asked& asked, state::Random& random) {
  for (const auto& act : *acts()) {
    for (const size_t i : act->cues->entries_for(asked.operation())) {
      const scenario::Entry& entry = act->cues->entries()[i];
      if (act->left[i] == 0) continue;
      if (entry.when && !asked.holds(act->cues->interpreters(), *entry.when)) continue;
      if (wins(entry.chance, random) && take(act->left[i])) return Cue{act->cues, i};
    }
  }
  return std::nullopt;
}

}  // namespace counterpart::mock

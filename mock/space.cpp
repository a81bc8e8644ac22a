#include "mock/space.h"

#include <algorithm>
#include <utility>

namespace counterpart::mock {

namespace {

/// FNV-1a of the name over the run's seed: the same name gets the same numbers, whenever the space is made.
uint64_t seed_of(uint64_t seed, std::string_view name) {
  constexpr uint64_t prime = 1099511628211u;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * prime;
  return seed;
}

/// The script's randomness is not the expressions': a rule that draws numbers does not change which fault comes.
constexpr uint64_t script_seed = 0x5c0117;

}  // namespace

Space::Space(std::string name, uint64_t seed, std::shared_ptr<const Stage> stage, JournalLimits limits)
    : name_(std::move(name)),
      seed_(seed_of(seed, name_)),
      keeps_journal_(limits.entries_max > 0),
      stage_(std::move(stage)),
      casting_(stage_->casting()),
      journal_(limits) {
  forget_parts();
  forget_counts();
}

std::shared_ptr<const Stage> Space::stage() const {
  const std::shared_lock lock(stage_mutex_);
  return stage_;
}

/// Needs the exclusive lock of the stage, as forget_counts().
void Space::forget_parts() {
  parts_.clear();
  for (size_t i = 0; i < stage_->seats().size(); ++i) parts_.push_back(std::make_unique<Part>());
  random_ = std::make_unique<state::SeededRandom>(seed_ ^ script_seed);
}

void Space::forget_counts() {
  served_.clear();
  for (const Seat& seat : stage_->seats()) {
    size_t responses = 0;
    for (const contract::Operation& operation : seat.engine->contract().operations) {
      responses += operation.responses.size();
    }
    served_.emplace_back(responses);
  }
}

void Space::begin(size_t seat_index, Part& part) const {
  const Seat& seat = stage_->seats()[seat_index];
  const state::Space& opening = openings_.empty() ? stage_->opening(seat_index) : *openings_[seat_index];
  part.state = opening.fork(seat.clock_from(*opening.clock), seed_);
  for (const std::string& name : casting_.scenarios) {
    const LoadedScenario* loaded = seat.find_scenario(name);
    if (loaded == nullptr) continue;
    if (loaded->cues != nullptr) part.script.add(loaded->cues);
    if (casting_.strict && !loaded->scenario->steps.empty()) {
      part.strict = std::make_unique<Strict>(loaded->scenario, seat.engine, *part.state);
    }
  }
}

/// Needs the lock of the stage, shared at least.
Space::Part& Space::part(size_t seat) {
  Part& part = *parts_[seat];
  std::call_once(part.begun, [&] { begin(seat, part); });
  return part;
}

int64_t Space::now_ms() {
  const std::shared_lock lock(stage_mutex_);
  return part(0).state->clock->now_ms();
}

/// No contract has the path: the problem of the one that comes nearest, or of a strict scenario, which did not await it.
Played Space::play_unknown(const http::Request& request) {
  Played nearest;
  nearest.at_ms = part(0).state->clock->now_ms();
  for (size_t i = 0; i < stage_->seats().size(); ++i) {
    engine::Answer answer = stage_->seats()[i].engine->answer(request, *part(i).state);
    if (i == 0 || answer.near_miss_distance < nearest.answer.near_miss_distance) nearest.answer = std::move(answer);
  }
  nearest.stage = stage_;
  for (size_t i = 0; i < stage_->seats().size() && !nearest.violation; ++i) {
    Part& asked = part(i);
    if (asked.strict == nullptr) continue;
    asked.directing(*random_, nearest).no_operation(request, nearest.answer);
    if (nearest.violation) nearest.contract = stage_->seats()[i].engine.get();
  }
  return nearest;
}

Played Space::play(const http::Request& request) {
  const std::shared_lock lock(stage_mutex_);
  const auto seat = stage_->find(request);
  if (!seat) return play_unknown(request);
  Part& asked = part(*seat);
  const engine::Engine& engine = *stage_->seats()[*seat].engine;
  Played played;
  played.stage = stage_;
  played.at_ms = asked.state->clock->now_ms();
  Directing directing = asked.directing(*random_, played);
  played.answer = engine.answer(request, *asked.state, directing.is_needed() ? &directing : nullptr);
  directing.no_operation(request, played.answer);
  played.contract = &engine;
  if (!played.cue) return played;
  const scenario::Entry& entry = **played.cue;
  played.delay = std::chrono::milliseconds(entry.delay.sample(*random_));
  played.fault = played.cue->fault();
  if (played.fault != nullptr) {
    played.fault_seed = random_->next();
    played.fault_name = entry.fault->is(document::Kind::map) ? entry.fault->members[0].key : entry.fault->text;
    if (!faults::keeps_answer(played.fault_name) && played.change == Change::none) played.change = Change::damaged;
  }
  return played;
}

void Space::record(const http::Request& request, const Played& played, int64_t microseconds, size_t journal_bytes_max) {
  const engine::Answer& answer = played.answer;
  const JournalEntry entry = keeps_journal_ ? entry_of(request, played, microseconds) : JournalEntry{};
  const std::shared_lock stage_lock(stage_mutex_);
  const std::lock_guard lock(journal_mutex_);
  journal_.set_bytes_max(journal_bytes_max);
  journal_.add(entry);
  ++counts_.requests;
  counts_.unmatched += is_unmatched(played) ? 1 : 0;
  counts_.violations += played.violation ? 1 : 0;
  counts_.faults += played.fault != nullptr ? 1 : 0;
  counts_.undocumented += is_undocumented(played) ? 1 : 0;
  if (answer.documented == nullptr || played.change != Change::none) return;
  for (size_t i = 0; i < served_.size(); ++i) {
    if (stage_->seats()[i].engine.get() == played.contract) ++served_[i][answer.response_index];
  }
}

void Space::reset() { reset(seed_); }

namespace {

bool is_same(const Space::StrictStatus& one, const Space::StrictStatus& other) {
  return one.contract == other.contract && one.scenario == other.scenario;
}

}  // namespace

void Space::reset(uint64_t seed) {
  const std::unique_lock lock(stage_mutex_);
  const std::lock_guard journal_lock(journal_mutex_);
  seed_ = seed;
  forget_parts();
  forget_counts();
  journal_.clear();
  counts_ = {};
}

void Space::cast(const Casting& casting) {
  const std::unique_lock lock(stage_mutex_);
  for (StrictStatus& status : all_strict()) {
    if (!stage_->casting().strict || !stage_->casting().has(status.scenario)) continue;
    std::erase_if(dropped_, [&](const StrictStatus& other) { return is_same(other, status); });
    dropped_.push_back(std::move(status));
    dropped_.back().dropped = true;
  }
  document::Diagnostics diagnostics;
  openings_.clear();
  for (size_t i = 0; i < stage_->seats().size(); ++i) {
    auto opening = stage_->seats()[i].begin(casting, diagnostics);
    openings_.push_back(opening != nullptr ? std::move(opening) : stage_->seats()[i].initial);
  }
  casting_ = casting;
  forget_parts();
}

Casting Space::casting() const {
  const std::shared_lock lock(stage_mutex_);
  return casting_;
}

void Space::add_cues(size_t seat, std::shared_ptr<Cues> cues) {
  const std::unique_lock lock(stage_mutex_);
  Part& changed = part(seat);
  changed.script.add(cues);
  changed.added.push_back(std::move(cues));
}

void Space::with_state(size_t seat, const std::function<void(state::Space&)>& use) {
  const std::shared_lock lock(stage_mutex_);
  use(*part(seat).state);
}

void Space::with_journal(const std::function<void(Journal&)>& use) {
  const std::lock_guard lock(journal_mutex_);
  use(journal_);
}

std::vector<Space::StrictStatus> Space::strict_status() {
  const std::shared_lock lock(stage_mutex_);
  return all_strict();
}

std::vector<Space::StrictStatus> Space::strict_due() {
  const std::shared_lock lock(stage_mutex_);
  std::vector<StrictStatus> due = all_strict();
  const size_t played = due.size();
  for (const StrictStatus& status : dropped_) {
    const auto end = due.begin() + static_cast<std::ptrdiff_t>(played);
    if (std::none_of(due.begin(), end, [&](const auto& other) { return is_same(other, status); })) {
      due.push_back(status);
    }
  }
  return due;
}

/// Needs the lock of the stage.
std::vector<Space::StrictStatus> Space::all_strict() {
  std::vector<StrictStatus> all;
  for (size_t i = 0; i < parts_.size(); ++i) {
    Part& asked = part(i);
    if (asked.strict == nullptr) continue;
    const std::lock_guard strict_lock(asked.strict_mutex);
    all.push_back({stage_->seats()[i].name(), asked.strict->scenario().name, asked.strict->scenario().steps.size(),
                   asked.strict->steps_done()});
  }
  return all;
}

Tally Space::tally() const {
  const std::shared_lock lock(stage_mutex_);
  const std::lock_guard journal_lock(journal_mutex_);
  Tally tally = counts_;
  for (size_t i = 0; i < served_.size(); ++i) {
    size_t index = 0;
    for (const contract::Operation& operation : stage_->seats()[i].engine->contract().operations) {
      for (const auto& response : operation.responses) {
        tally.rows.push_back({stage_->seats()[i].name(), operation.id, response->name, operation.documents(*response),
                              served_[i][index++]});
      }
    }
  }
  return tally;
}

}  // namespace counterpart::mock

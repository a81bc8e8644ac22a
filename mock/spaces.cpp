#include "mock/spaces.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <mutex>

namespace counterpart::mock {

namespace {

int64_t steady_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string key_of(const Tally::Row& row) { return row.contract + "/" + row.operation + "/" + row.response; }

void add_counts(Tally& to, const Tally& from) {
  to.requests += from.requests;
  to.unmatched += from.unmatched;
  to.undocumented += from.undocumented;
  to.violations += from.violations;
  to.faults += from.faults;
}

}  // namespace

Spaces::Spaces(SpacesOptions options, std::shared_ptr<const Stage> stage)
    : options_(options),
      stage_(std::move(stage)),
      unnamed_(std::make_shared<Space>("", options.seed, stage_, options.journal)),
      journal_share_(options.journal.bytes_max) {}

bool Spaces::is_name(std::string_view name) {
  return !name.empty() && name.size() <= name_bytes_max && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
           c == '-';
  });
}

std::shared_ptr<Space> Spaces::find(std::string_view name) const {
  if (name.empty()) return unnamed_;
  const std::shared_lock lock(mutex_);
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Spaces::Use Spaces::use(std::string_view name) {
  const int64_t now_ms = steady_ms();
  std::shared_ptr<Space> space = find(name);
  if (space == nullptr) space = make(name, now_ms);
  Use use(space);
  if (space != nullptr) sync(*space, now_ms);
  return use;
}

/// Brings a space up to date with what all of them share.
void Spaces::sync(Space& space, int64_t now_ms) {
  space.used_ms.store(now_ms, std::memory_order_relaxed);
  const uint64_t generation = generation_.load(std::memory_order_acquire);
  if (space.generation.load(std::memory_order_acquire) == generation) return;
  space.adopt(stage());
  space.generation.store(generation, std::memory_order_release);
}

std::shared_ptr<Space> Spaces::make(std::string_view name, int64_t now_ms) {
  const std::unique_lock lock(mutex_);
  if (const auto found = by_name_.find(name); found != by_name_.end()) return found->second;
  if (by_name_.size() >= options_.spaces_max && !make_place(now_ms)) return nullptr;
  auto space = std::make_shared<Space>(std::string(name), options_.seed, stage_, options_.journal);
  space->generation = generation_.load();
  space->used_ms = now_ms;
  by_name_.emplace(std::string(name), space);
  share_journals();
  return space;
}

/// The share is that of the next power of two of spaces, so that the journals have to be cut but seldom. Needs the lock.
void Spaces::share_journals() {
  const size_t share = std::max(journal_bytes_min, options_.journal.bytes_max / std::bit_ceil(by_name_.size() + 1));
  if (share == journal_share_) return;
  journal_share_ = share;
  const auto cut = [share](Space& space) {
    space.with_journal([&](Journal& journal) { journal.set_bytes_max(share); });
  };
  cut(*unnamed_);
  for (const auto& [name, space] : by_name_) cut(*space);
}

/// Forgets the idle space that was not used for the longest time. Needs the lock.
bool Spaces::make_place(int64_t now_ms) {
  auto oldest = by_name_.end();
  for (auto it = by_name_.begin(); it != by_name_.end(); ++it) {
    const bool is_idle = it->second->in_use == 0 && now_ms - it->second->used_ms >= options_.idle_ms;
    if (is_idle && (oldest == by_name_.end() || it->second->used_ms < oldest->second->used_ms)) oldest = it;
  }
  if (oldest == by_name_.end()) return false;
  let_go(*oldest->second);
  by_name_.erase(oldest);
  return true;
}

void Spaces::retire(const Space& space) {
  const Tally tally = space.tally();
  add_counts(retired_, tally);
  for (const Tally::Row& row : tally.rows) {
    if (row.served > 0) retired_served_[key_of(row)] += row.served;
  }
}

/// As retire(), of a space that does not come back.
void Spaces::let_go(Space& space) {
  retire(space);
  if (space.tally().requests == 0) return;
  for (const Space::StrictStatus& status : space.strict_due()) {
    if (status.done < status.steps && left_strict_.size() < left_strict_max) {
      left_strict_.emplace_back(space.name(), status);
    }
  }
}

std::vector<std::pair<std::string, Space::StrictStatus>> Spaces::left_strict() const {
  const std::shared_lock lock(mutex_);
  return left_strict_;
}

std::vector<std::string> Spaces::names() const {
  std::vector<std::string> names;
  const std::shared_lock lock(mutex_);
  for (const auto& [name, space] : by_name_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

size_t Spaces::size() const {
  const std::shared_lock lock(mutex_);
  return by_name_.size();
}

void Spaces::reset(Space& space) {
  const std::unique_lock lock(mutex_);
  retire(space);
  space.reset();
}

bool Spaces::remove(std::string_view name) {
  const std::unique_lock lock(mutex_);
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return false;
  let_go(*found->second);
  by_name_.erase(found);
  return true;
}

void Spaces::remove_all() {
  const std::unique_lock lock(mutex_);
  for (const auto& [name, space] : by_name_) let_go(*space);
  by_name_.clear();
}

void Spaces::set_stage(std::shared_ptr<const Stage> stage) {
  const std::unique_lock lock(mutex_);
  stage_ = std::move(stage);
  ++generation_;
}

std::shared_ptr<const Stage> Spaces::stage() const {
  const std::shared_lock lock(mutex_);
  return stage_;
}

Tally Spaces::total() const {
  Tally total = unnamed_->tally();
  const std::shared_lock lock(mutex_);
  add_counts(total, retired_);
  const auto served_too = [&](const std::string& key, uint64_t served) {
    for (Tally::Row& row : total.rows) {
      if (key_of(row) == key) row.served += served;
    }
  };
  for (const auto& [key, served] : retired_served_) served_too(key, served);
  for (const auto& [name, space] : by_name_) {
    const Tally tally = space->tally();
    add_counts(total, tally);
    for (size_t i = 0; i < tally.rows.size() && i < total.rows.size(); ++i) {
      if (key_of(tally.rows[i]) == key_of(total.rows[i])) total.rows[i].served += tally.rows[i].served;
    }
  }
  return total;
}

}  // namespace counterpart::mock

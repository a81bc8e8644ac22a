/// How a space takes over a changed stage.

#include <algorithm>
#include <map>
#include <utility>

#include "mock/space.h"

namespace counterpart::mock {

namespace {

/// Whether two collections, as their contracts begin them, are the same.
bool same_definition(const state::Collection& a, const state::Collection& b) {
  const state::CollectionSpec& x = a.spec();
  const state::CollectionSpec& y = b.spec();
  if (x.key != y.key || x.index != y.index || x.order != y.order || x.expires != y.expires) return false;
  const auto items = a.all().slice(0, a.size());
  const auto others = b.all().slice(0, b.size());
  return std::equal(items.begin(), items.end(), others.begin(), others.end(),
                    [](const state::Item* item, const state::Item* other) { return item->value == other->value; });
}

}  // namespace

/// Needs the exclusive lock of the stage, as the other.
void Space::carry_over(const Seat& old_seat, Part& old_part, size_t seat_index) {
  const Seat& seat = stage_->seats()[seat_index];
  Part& renewed = part(seat_index);
  const std::unique_lock state_lock(old_part.state->mutex);
  renewed.state->clock->set(old_part.state->clock->now_ms());
  const auto& collections = seat.engine->contract().state;
  const auto& old_collections = old_seat.engine->contract().state;
  for (size_t i = 0; i < collections.size(); ++i) {
    for (size_t k = 0; k < old_collections.size(); ++k) {
      if (collections[i].spec->name != old_collections[k].spec->name) continue;
      if (!same_definition(seat.initial->shared(i), old_seat.initial->shared(k))) continue;
      renewed.state->own(i) = old_part.state->shared(k);
    }
  }
  for (const auto& cues : old_part.added) {
    document::Diagnostics diagnostics;  // an entry that does not fit the changed contract is dropped
    auto fitting = Cues::parse(cues->source().name, cues->source().text, seat.engine->contract(), diagnostics);
    if (fitting == nullptr) continue;
    renewed.script.add(fitting);
    renewed.added.push_back(std::move(fitting));
  }
}

void Space::carry_over(const Seat& old_seat, const std::vector<uint64_t>& old_served, size_t seat) {
  std::map<std::pair<std::string, std::string>, uint64_t> served;
  size_t index = 0;
  for (const contract::Operation& operation : old_seat.engine->contract().operations) {
    for (const auto& response : operation.responses) served[{operation.id, response->name}] = old_served[index++];
  }
  index = 0;
  for (const contract::Operation& operation : stage_->seats()[seat].engine->contract().operations) {
    for (const auto& response : operation.responses) served_[seat][index++] = served[{operation.id, response->name}];
  }
}

void Space::adopt(std::shared_ptr<const Stage> stage) {
  const std::unique_lock lock(stage_mutex_);
  const std::lock_guard journal_lock(journal_mutex_);
  if (stage_ == stage) return;
  const std::shared_ptr<const Stage> before = std::exchange(stage_, std::move(stage));
  const auto old_parts = std::exchange(parts_, {});
  const auto old_served = std::exchange(served_, {});
  openings_.clear();
  std::erase_if(casting_.scenarios, [&](const std::string& name) {
    return std::none_of(stage_->seats().begin(), stage_->seats().end(),
                        [&](const Seat& seat) { return seat.find_scenario(name) != nullptr; });
  });
  forget_parts();
  forget_counts();
  for (size_t i = 0; i < stage_->seats().size(); ++i) {
    for (size_t k = 0; k < before->seats().size(); ++k) {
      const Seat& old_seat = before->seats()[k];
      if (old_seat.name() != stage_->seats()[i].name()) continue;
      if (old_parts[k]->state != nullptr) carry_over(old_seat, *old_parts[k], i);
      carry_over(old_seat, old_served[k], i);
    }
  }
}

}  // namespace counterpart::mock

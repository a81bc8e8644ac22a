#include "fuzz/client/plan.h"

#include <algorithm>

#include "fuzz/responses/differences.h"

namespace counterpart::fuzz::client {

namespace {

/// A seed for each drawn run, short enough to be typed again.
uint64_t seed_of(uint64_t seed, uint64_t index) {
  constexpr uint64_t golden_ratio = 0x9e3779b97f4a7c15;
  constexpr int kept_bits = 32;
  return state::SeededRandom(seed ^ (index + 1) * golden_ratio).next() >> (64 - kept_bits);
}

/// How many places there are to cut an answer, and to split it: before the first byte, and behind each but the last.
size_t places_of(const Sizes& sizes) { return sizes.all(); }

}  // namespace

Plan::Plan(const Mutator& mutator, const std::vector<AskedOperation>& asked, const PlanOptions& options)
    : mutator_(mutator), asked_(asked), options_(options) {
  for (const AskedOperation& one : asked_) list(one);
  if (!options_.cut_everywhere) return;
  for (const AskedOperation& one : asked_) {
    for (const auto& [response, sizes] : one.could) cuts_ += 2 * places_of(sizes);
  }
}

void Plan::list(const AskedOperation& one) {
  Damage damage;
  damage.operation = one.operation;
  damage.seed = options_.seed;
  for (const auto& [response, sizes] : one.could) {
    Damage& instead = listed_.emplace_back(damage);
    instead.respond = response;
  }
  for (const Variant& variant : mutator_.documented()) {
    if (variant.operation != one.operation || &variant == &first_of(variant)) continue;
    Damage& other = listed_.emplace_back(damage);
    give(other, variant);
  }
  for (Fault& fault : wire_faults(one.sizes, options_.timeout)) {
    Damage& faulty = listed_.emplace_back(damage);
    faulty.family = family_of(fault);
    faulty.fault = std::move(fault);
  }
}

Damage Plan::cut_at(size_t index) const {
  Damage damage;
  damage.seed = options_.seed;
  for (const AskedOperation& one : asked_) {
    for (const auto& [response, sizes] : one.could) {
      const size_t places = places_of(sizes);
      if (index >= 2 * places) {
        index -= 2 * places;
        continue;
      }
      damage.operation = one.operation;
      damage.respond = response;
      damage.fault = index < places ? client::cut_at(index, sizes) : split_at(index - places, sizes);
      damage.family = family_of(damage.fault);
      return damage;
    }
  }
  return damage;
}

std::optional<Damage> Plan::drawn_at(uint64_t index, const IsLeftOut& is_left_out) const {
  constexpr int tries_max = 64;
  state::SeededRandom random(seed_of(~options_.seed, index));
  for (int i = 0; i < tries_max; ++i) {
    Damage damage = draw(random);
    if (is_left_out(damage)) continue;
    damage.seed = seed_of(options_.seed, index);
    return damage;
  }
  return std::nullopt;
}

/// A documented answer of the operation: half of the time one that the command was given.
const Variant& Plan::draw_documented(const AskedOperation& one, state::Random& random) const {
  const bool only_given = random.below(2) == 0;
  std::vector<const Variant*> fitting;
  for (const Variant& variant : mutator_.documented()) {
    if (variant.operation != one.operation) continue;
    if (!only_given || one.given.contains(variant.response)) fitting.push_back(&variant);
  }
  if (fitting.empty()) {
    for (const Variant& variant : mutator_.documented()) {
      if (variant.operation == one.operation) fitting.push_back(&variant);
    }
  }
  return *fitting[random.below(fitting.size())];
}

/// The documented answer that stands for its response: what the mock gives is taken to be like it.
const Variant& Plan::first_of(const Variant& variant) const {
  return *std::find_if(mutator_.documented().begin(), mutator_.documented().end(), [&](const Variant& other) {
    return other.operation == variant.operation && other.response == variant.response;
  });
}

bool Plan::give(Damage& damage, Variant variant) const {
  damage.documented = first_of(variant);
  damage.respond = variant.response;
  variant.answer = sayable(damage.documented->answer, std::move(variant.answer));
  variant.changes = differences(*damage.documented, variant);
  variant.legality = mutator_.judge().judge(variant);
  damage.family = family_of(variant.legality);
  damage.variant = std::move(variant);
  return !damage.variant->changes.empty();
}

Damage Plan::draw(state::Random& random) const {
  const AskedOperation& one = asked_[random.below(asked_.size())];
  Damage damage;
  damage.operation = one.operation;
  if (one.calls > 1 && random.below(2) == 0) damage.call = 1 + random.below(one.calls);
  constexpr uint64_t shares = 7;
  const uint64_t share = random.below(shares);
  if (share < 2) {
    damage.fault = random_fault(one.sizes, options_.timeout, random);
    damage.family = family_of(damage.fault);
    return damage;
  }
  const Legality wanted = share < 4 ? Legality::legal : share < 6 ? Legality::nearly_legal : Legality::broken;
  constexpr int tries_max = 8;
  for (int i = 0; i < tries_max; ++i) {
    if (give(damage, mutator_.mutate(draw_documented(one, random), wanted, random))) break;
  }
  return damage;
}

}  // namespace counterpart::fuzz::client

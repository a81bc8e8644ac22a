#include "fuzz/responses/mutator.h"

#include "fuzz/responses/changes.h"

namespace counterpart::fuzz {

namespace {

std::span<const Change> changes_of(Legality legality) {
  if (legality == Legality::legal) return legal_changes();
  return legality == Legality::nearly_legal ? nearly_legal_changes() : broken_changes();
}

/// One change of the class that can be made here; false when none of those drawn can.
bool change(Variant& variant, Legality wanted, const std::vector<Variant>& documented, state::Random& random,
            size_t body_bytes_max) {
  constexpr int draws = 16;
  Draft draft(variant, documented, random, body_bytes_max);
  for (int i = 0; i < draws; ++i) {
    const auto changes = changes_of(wanted);
    std::string says = changes[random.below(changes.size())](draft);
    if (says.empty()) continue;
    variant.changes.push_back(std::move(says));
    return true;
  }
  return false;
}

/// What always gives the class to a documented answer.
void change_surely(Variant& variant, Legality wanted) {
  constexpr int unknown_status = 299;
  if (wanted == Legality::legal) {
    variant.answer.headers.add("X-Unknown", "1");
    variant.changes.push_back("the header X-Unknown of 1 bytes");
  } else if (wanted == Legality::nearly_legal) {
    variant.answer.status = unknown_status;
    variant.changes.push_back("the status 299");
  } else {
    variant.answer.headers.add("X-Control", "\x01");
    variant.changes.push_back("a header with a control character");
  }
}

}  // namespace

Mutator::Mutator(const conformance::Suite& suite) : judge_(suite) {}

Variant Mutator::mutate(const Variant& from, Legality wanted, state::Random& random, size_t body_bytes_max) const {
  constexpr int tries = 24;
  constexpr uint64_t changes_most = 3;
  std::vector<const Variant*> own;
  for (const bool fits : {true, false}) {  // one that is too large only where all are
    if (!own.empty()) break;
    for (const Variant& variant : documented()) {
      const bool is_own = variant.operation == from.operation && variant.response == from.response;
      if (is_own && (!fits || variant.answer.body.size() <= body_bytes_max)) own.push_back(&variant);
    }
  }
  const Variant* base = &from;
  // What is worse already, or changed beyond recognition, begins anew.
  const bool is_spent = from.changes.size() + changes_most > Variant::changes_max || judge_.judge(from) > wanted;
  if (is_spent && !own.empty()) base = own[random.below(own.size())];
  const uint64_t count = 1 + random.below(changes_most);
  Variant changed = *base;
  uint64_t made = 0;
  for (int i = 0; i < tries; ++i) {
    Variant next = changed;
    if (!change(next, wanted, documented(), random, body_bytes_max)) break;
    next.legality = judge_.judge(next);
    if (next.legality > wanted) continue;  // too much: another one
    changed = std::move(next);
    if (++made >= count && changed.legality == wanted) return changed;
    if (made < changes_most) continue;
    changed = *base;  // none of them made it worse enough
    made = 0;
  }
  if (made > 0 && changed.legality == wanted) return changed;
  Variant variant = own.empty() ? *base : *own[random.below(own.size())];
  change_surely(variant, wanted);
  variant.legality = judge_.judge(variant);
  return variant;
}

}  // namespace counterpart::fuzz

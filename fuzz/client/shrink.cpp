#include "fuzz/client/shrink.h"

#include <algorithm>

#include "fuzz/client/plainer.h"
#include "fuzz/responses/differences.h"
#include "fuzz/responses/mutator.h"

namespace counterpart::fuzz::client {

namespace {

constexpr uint64_t calls_tried_max = 4;

/// With another body: first in the documented answer, then in the found one where that has more changed.
std::vector<Variant> plainer(const Variant& documented, const Variant& found) {
  std::vector<Variant> variants;
  Variant with_documented_body = found;
  with_documented_body.answer.body = documented.answer.body;
  const bool has_more = !is_same_answer(with_documented_body.answer, documented.answer);
  for (std::string& body : plainer_bodies(documented.answer.body, found.answer.body)) {
    variants.emplace_back(documented).answer.body = body;
    if (has_more) variants.emplace_back(found).answer.body = std::move(body);
  }
  for (Variant& variant : variants) variant.changes = differences(documented, variant);
  return variants;
}

/// Everything that is one step less, whole parts first.
std::vector<Damage> lesser(const Damage& from, const AskedOperation& asked, const Judge& judge,
                           std::chrono::milliseconds timeout) {
  std::vector<Damage> candidates;
  if (from.variant) {
    Damage& plain = candidates.emplace_back(from);
    plain.variant.reset();
    plain.documented.reset();
    plain.family = Family::legal;
  }
  const bool does_more = from.variant || !from.fault.name.empty();
  if (from.respond != nullptr && does_more) candidates.emplace_back(from).respond = nullptr;
  if (from.call == 0 && asked.calls > 1) {
    for (uint64_t call = 1; call <= std::min(asked.calls, calls_tried_max); ++call) {
      candidates.emplace_back(from).call = call;
    }
  }
  if (from.variant) {
    std::vector<Variant> variants = plainer(*from.documented, *from.variant);
    for (Variant& less : fuzz::less_damaged(*from.documented, *from.variant)) variants.push_back(std::move(less));
    for (Variant& less : variants) {
      Damage& damage = candidates.emplace_back(from);
      less.legality = judge.judge(less);
      damage.family = family_of(less.legality);
      damage.variant = std::move(less);
      damage.as_bytes = false;
    }
  }
  if (!from.fault.name.empty()) {
    for (Fault& less : less_damaged(from.fault, asked.sizes, timeout)) {
      Damage& damage = candidates.emplace_back(from);
      damage.family = family_of(less);
      damage.fault = std::move(less);
    }
  }
  return candidates;
}

}  // namespace

Damage shrink(Damage found, const AskedOperation& asked, const Judge& judge, const ShrinkLimits& limits,
              const TryAll& try_all, size_t& tries) {
  while (tries < limits.tries_max) {
    std::vector<Damage> candidates = lesser(found, asked, judge, limits.timeout);
    if (candidates.size() > limits.tries_max - tries) candidates.resize(limits.tries_max - tries);
    const Tried tried = try_all(candidates);
    tries += tried.count;
    if (!tried.shown) break;
    found = std::move(candidates[*tried.shown]);
  }
  return found;
}

}  // namespace counterpart::fuzz::client

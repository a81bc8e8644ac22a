#pragma once
/// Makes answers worse step by step, by class, and better again when something was found. Used by the kit
/// (include/counterpart/fuzz.hpp) and by `counterpart fuzz client`.

#include <vector>

#include "conformance/suite.h"
#include "engine/state/random.h"
#include "fuzz/responses/documented.h"
#include "fuzz/responses/judge.h"
#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

/// Thread-safe.
class Mutator {
 public:
  /// The suite must outlive it.
  explicit Mutator(const conformance::Suite& suite);

  /// One to three changes of the wanted class to a documented answer or to one already changed. The result's legality is
  /// what the judge says of it, never less severe than wanted unless nothing else is possible. The same `from`, `wanted`
  /// and numbers of `random` give the same bytes. No change makes a body grow past `body_bytes_max`.
  Variant mutate(const Variant& from, Legality wanted, state::Random& random,
                 size_t body_bytes_max = Variant::body_bytes_max) const;

  /// What documented_answers() gave for this suite.
  const std::vector<Variant>& documented() const { return judge_.documented(); }
  const Judge& judge() const { return judge_; }

 private:
  Judge judge_;
};

/// Variants that are nearer to `documented` than `found` is, to be tried in this order; when one still shows the finding,
/// ask again from that one. Whole parts first (status, headers, all of the body), then members of the JSON put back one
/// by one, then runs of bytes; JSON stays JSON. `documented` itself is never one of them. None: `found` is as near as can
/// be. `changes` are told anew, legality is not judged: ask a Judge.
std::vector<Variant> less_damaged(const Variant& documented, const Variant& found);

}  // namespace counterpart::fuzz

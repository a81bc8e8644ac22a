#pragma once
/// Which damage each run gets: a fixed list first, then drawn from the seed. Nothing of it depends on what the runs show,
/// but for what is left out. Used by fuzzer.cpp.

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "fuzz/client/asked.h"
#include "fuzz/responses/mutator.h"

namespace counterpart::fuzz::client {

struct PlanOptions {
  uint64_t seed = 0;
  std::chrono::milliseconds timeout{0};
  bool cut_everywhere = false;
};

class Plan {
 public:
  /// Both must outlive it.
  Plan(const Mutator& mutator, const std::vector<AskedOperation>& asked, const PlanOptions& options);

  /// Each response of each operation given instead, with every documented body, and each fault.
  size_t listed() const { return listed_.size(); }
  const Damage& listed_at(size_t index) const { return listed_[index]; }

  /// With cut_everywhere: each response of each operation cut, and split, at each of its bytes.
  size_t cuts() const { return cuts_; }
  Damage cut_at(size_t index) const;

  /// The same index gives the same damage. nullopt: everything that was drawn is left out.
  using IsLeftOut = std::function<bool(const Damage&)>;
  std::optional<Damage> drawn_at(uint64_t index, const IsLeftOut& is_left_out) const;

 private:
  void list(const AskedOperation& one);
  Damage draw(state::Random& random) const;
  const Variant& first_of(const Variant& variant) const;
  /// Whether anything of it is left once it is what `play` can say.
  bool give(Damage& damage, Variant variant) const;
  const Variant& draw_documented(const AskedOperation& one, state::Random& random) const;

  const Mutator& mutator_;
  const std::vector<AskedOperation>& asked_;
  const PlanOptions options_;
  std::vector<Damage> listed_;
  size_t cuts_ = 0;
};

}  // namespace counterpart::fuzz::client

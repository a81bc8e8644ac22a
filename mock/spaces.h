#pragma once
/// Every space of a port, by name: made when first used, and when there are too many, the one that was not used for the
/// longest time makes place. Thread-safe.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mock/space.h"

namespace counterpart::mock {

struct SpacesOptions {
  uint64_t seed = 0;
  size_t spaces_max = 10'000;
  int64_t idle_ms = 60'000;  ///< a space that was not used for so long may make place for another
  JournalLimits journal{};   ///< bytes_max is shared by all: each space has its part, but at least journal_bytes_min
};

class Spaces {
 public:
  static constexpr size_t journal_bytes_min = 16 * 1024;
  static constexpr size_t name_bytes_max = 64;

  Spaces(SpacesOptions options, std::shared_ptr<const Stage> stage);

  /// Letters, digits, '.', '_' and '-', at most name_bytes_max of them.
  static bool is_name(std::string_view name);

  /// A space in use: while one of these lives, the space is not idle.
  class Use {
   public:
    explicit Use(std::shared_ptr<Space> space) : space_(std::move(space)) {
      if (space_ != nullptr) ++space_->in_use;
    }
    ~Use() {
      if (space_ != nullptr) --space_->in_use;
    }
    Use(Use&& other) noexcept : space_(std::move(other.space_)) {}
    Use& operator=(Use&&) = delete;
    explicit operator bool() const { return space_ != nullptr; }
    Space& operator*() const { return *space_; }
    Space* operator->() const { return space_.get(); }

   private:
    std::shared_ptr<Space> space_;
  };

  /// The space of that name ("": the one that everybody has); made where there is none. Empty: there are as many as may
  /// be, and none of them is idle.
  Use use(std::string_view name);

  /// Names of all but the unnamed one, sorted.
  std::vector<std::string> names() const;
  size_t size() const;
  /// A space begins anew; what it counted stays in total().
  void reset(Space& space);
  /// Forgets a space; false when there is none.
  bool remove(std::string_view name);
  void remove_all();

  /// What every space plays from now on, each from its next request.
  void set_stage(std::shared_ptr<const Stage> stage);
  std::shared_ptr<const Stage> stage() const;
  const SpacesOptions& options() const { return options_; }
  /// How many bytes the journal of each space may hold now.
  size_t journal_share() const { return journal_share_; }

  /// Strict scenarios that were not at their end when the space that played them went, with its name: at most
  /// left_strict_max.
  std::vector<std::pair<std::string, Space::StrictStatus>> left_strict() const;
  static constexpr size_t left_strict_max = 1'000;

  /// The counts of all spaces since the start, also of those that are gone or were reset.
  Tally total() const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using ByName = std::unordered_map<std::string, std::shared_ptr<Space>, TextHash, std::equal_to<>>;

  std::shared_ptr<Space> find(std::string_view name) const;
  std::shared_ptr<Space> make(std::string_view name, int64_t now_ms);
  bool make_place(int64_t now_ms);
  void share_journals();
  void retire(const Space& space);
  void let_go(Space& space);
  void sync(Space& space, int64_t now_ms);

  const SpacesOptions options_;
  mutable std::shared_mutex mutex_;
  std::shared_ptr<const Stage> stage_;
  std::shared_ptr<Space> unnamed_;
  ByName by_name_;
  Tally retired_;                                             ///< without rows
  std::unordered_map<std::string, uint64_t> retired_served_;  ///< by "contract/operation/response"
  std::atomic<uint64_t> generation_{0};                       ///< of stage_
  std::atomic<size_t> journal_share_;                         ///< how many bytes each journal may hold
  std::vector<std::pair<std::string, Space::StrictStatus>> left_strict_;
};

}  // namespace counterpart::mock

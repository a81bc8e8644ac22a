#pragma once
/// What the oracle made up (ids, times) beside what the server chose for the same things. The oracle has two worlds
/// that differ in their clocks and their randomness alone: what differs between their answers is made up, wherever it
/// stands. Used by oracle.cpp.

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "conformance/case.h"
#include "engine/document/json.h"

namespace counterpart::conformance {

using document::Json;

class Aliases {
 public:
  enum class World { first, second };
  /// By how much the second world's clock is ahead: the least that shows in times that are counted in seconds.
  static constexpr int64_t clock_ahead_ms = 1000;

  Aliases() = default;
  Aliases(const Aliases&) = delete;
  Aliases& operator=(const Aliases&) = delete;

  void clear();
  /// What is learned from now on belongs to the next exchange. `changes_state`: it may store times.
  void begin_exchange(bool changes_state);
  /// Forgets what was learned of this exchange.
  void forget_exchange();

  /// What the first world answers, as the server would say it: what is made up and known by what the server chose for
  /// it; what is not known by what came at its place, if it may stand there. `came` may be nullptr. `learns`: remembers
  /// it.
  Json settled(const Json& first, const Json& second, const Json* came, bool learns);

  /// The call of a client that knows the server's values, as one of that world would make it.
  Call as_in(World world, Call call) const;
  Json as_in(World world, Json value) const;
  /// The other way round, of a call that has long texts of the first world.
  Call as_at_server(Call call) const;
  /// What the server chose for a value of the first world; nullptr: nothing is known, or nothing to be told from
  /// others.
  const Json* chosen_for(const Json& first) const;

 private:
  struct Entry {
    Json first, second;
    std::vector<Json> chosen;  ///< more than one where the server looks at its clock more often than the contract
    uint64_t exchange = 0;
  };
  using Entries = std::list<Entry>;
  using ByText = std::unordered_map<std::string, Entries::iterator>;

  Json settled_scalar(const Json& first, const Json& second, const Json* came, bool learns);
  std::string settled_text(const std::string& first, const std::string& second, const Json* came, bool learns);
  Json one_chosen(Entry& entry, const Json& like, const Json* came, bool learns);
  bool may_gain(const Entry& entry) const;
  Entry* find(const std::string& first, const std::string& second);
  void learn(const Json& first, const Json& second, const Json& came);
  void forget(Entries::iterator entry);
  const Json* of_server(World world, const Json& value, bool in_path) const;
  Json text_in(World world, const std::string& text) const;

  Entries entries_;
  ByText by_both_, by_first_, by_chosen_;
  uint64_t exchange_ = 0;
  bool changes_state_ = false;
};

}  // namespace counterpart::conformance

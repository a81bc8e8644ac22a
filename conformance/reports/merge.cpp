#include "conformance/reports/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include "conformance/reports/text.h"

namespace counterpart::conformance::reports {

namespace {

/// What makes two reports no shards of one run; "" when nothing does.
std::string difference(const Report& first, const Report& other) {
  if (first.contract != other.contract)
    return fmt::format("is of the contract \"{}\", not of \"{}\"", one_line(other.contract), one_line(first.contract));
  if (first.seed != other.seed) return fmt::format("has the seed {}, not {}", other.seed, first.seed);
  if (first.level != other.level)
    return fmt::format("was judged at the level \"{}\", not \"{}\"", name_of(other.level), name_of(first.level));
  return "";
}

/// What is wrong with the numbers of the shards; "" when all parts of the run are there, each once.
std::string miscount(const std::vector<Report>& shards) {
  const size_t wanted = shards[0].shards;
  std::set<size_t> there;
  for (const Report& shard : shards) {
    if (shard.shards != wanted) return fmt::format("there are shards of {} and of {}", wanted, shard.shards);
    if (!there.insert(shard.shard).second) return fmt::format("shard {} of {} is there twice", shard.shard, wanted);
  }
  for (size_t i = 1; i <= wanted && i <= shards.size() + 1; ++i) {
    if (!there.contains(i)) return fmt::format("shard {} of {} is missing", i, wanted);
  }
  return "";
}

/// Adds a text to a list of texts, each once.
void join(std::string& list, std::set<std::string>& seen, const std::string& text, const char* separator) {
  if (text.empty() || !seen.insert(text).second) return;
  list += (list.empty() ? "" : separator) + text;
}

class Findings {
 public:
  explicit Findings(std::vector<Finding>& merged) : merged_(merged) {}

  /// The index of the finding that it became.
  size_t add(Finding finding) {
    const auto [place, is_new] = index_.try_emplace({finding.check, finding.subject, finding.message}, merged_.size());
    if (is_new) {
      merged_.push_back(std::move(finding));
      return place->second;
    }
    Finding& other = merged_[place->second];
    const size_t count = other.count + finding.count;
    const bool known = !other.known.empty() && !finding.known.empty();
    std::vector<Cause> also = std::move(other.also);
    for (const Cause& cause : finding.also) count_cause(also, cause);
    const Level level = std::min(other.level, finding.level);
    if (finding.exchanges.size() < other.exchanges.size()) other = std::move(finding);
    other.count = count;
    other.level = level;
    other.also = std::move(also);
    if (!known) other.known.clear();
    return place->second;
  }

 private:
  static void count_cause(std::vector<Cause>& causes, const Cause& cause) {
    const auto same = std::find_if(causes.begin(), causes.end(), [&](const Cause& other) {
      return other.check == cause.check && other.subject == cause.subject && other.message == cause.message;
    });
    if (same == causes.end()) {
      causes.push_back(cause);
    } else {
      same->count += cause.count;
    }
  }

  std::vector<Finding>& merged_;
  std::map<std::tuple<std::string, std::string, std::string>, size_t> index_;
};

/// Moves the rows of all shards into one list, in order of first sight; `again` is given what was there, and the row.
template <class Row, class Key, class Again>
void merge_rows(std::vector<Report>& shards, std::vector<Row> Report::*rows, std::vector<Row>& merged, Key key_of,
                Again again) {
  std::map<decltype(key_of(std::declval<const Row&>())), size_t> index;
  for (Report& shard : shards) {
    for (Row& row : shard.*rows) {
      const auto [place, is_new] = index.try_emplace(key_of(row), merged.size());
      if (is_new) {
        merged.push_back(std::move(row));
      } else {
        again(merged[place->second], row);
      }
    }
  }
}

void merge_coverage(std::vector<Report>& shards, Report& merged) {
  merge_rows(
      shards, &Report::responses, merged.responses,
      [](const ResponseCoverage& row) { return std::tuple(row.operation, row.response); },
      [](ResponseCoverage& there, const ResponseCoverage& row) {
        there.count += row.count;
        if (there.why_not.empty()) there.why_not = row.why_not;
      });
  for (ResponseCoverage& row : merged.responses) {
    if (row.count > 0) row.why_not.clear();
  }
  merge_rows(
      shards, &Report::parameters, merged.parameters,
      [](const ParameterCoverage& row) { return std::tuple(row.operation, row.parameter, row.in, row.bound); },
      [](ParameterCoverage& there, const ParameterCoverage& row) {
        there.count += row.count;
        if (there.why_not.empty()) there.why_not = row.why_not;
      });
  for (ParameterCoverage& row : merged.parameters) {
    if (row.count > 0) row.why_not.clear();
  }
}

/// An entry that some shard needs stays. One that hid nothing in most shards and met a changed message in another is
/// reported for the change. One that hid nothing anywhere, and in some shard might have, is undecided.
void merge_stale(std::vector<Report>& shards, Report& merged) {
  const auto key_of = [](const StaleKnown& entry) {
    return std::tuple(entry.check, entry.on, entry.where.file, entry.where.line, entry.where.column);
  };
  const auto is_gone = [](const StaleKnown& entry) { return entry.problem.ends_with("no longer occurs"); };
  using Key = decltype(key_of(std::declval<const StaleKnown&>()));
  std::map<Key, size_t> unused_in, stale_in;  // of how many shards
  for (const Report& shard : shards) {
    std::set<Key> stale, unused;
    for (const StaleKnown& entry : shard.stale) stale.insert(key_of(entry));
    for (const StaleKnown& entry : shard.undecided) unused.insert(key_of(entry));
    unused.insert(stale.begin(), stale.end());
    for (const Key& key : stale) ++stale_in[key];
    for (const Key& key : unused) ++unused_in[key];
  }
  merge_rows(shards, &Report::stale, merged.stale, key_of, [&](StaleKnown& there, const StaleKnown& entry) {
    if (is_gone(there)) there.problem = entry.problem;
  });
  std::erase_if(merged.stale, [&](const StaleKnown& entry) { return stale_in.at(key_of(entry)) < shards.size(); });
  merge_rows(shards, &Report::undecided, merged.undecided, key_of, [](StaleKnown&, const StaleKnown&) {});
  std::erase_if(merged.undecided, [&](const StaleKnown& entry) {
    return unused_in.at(key_of(entry)) < shards.size() || stale_in[key_of(entry)] == shards.size();
  });
}

void merge_exchanges(std::vector<Exchange>& exchanges, Report& merged) {
  for (Exchange& exchange : exchanges) {
    if (merged.exchanges.size() < Report::exchanges_max) {
      merged.exchanges.push_back(std::move(exchange));
    } else {
      ++merged.exchanges_left_out;
    }
  }
}

}  // namespace

std::optional<Report> merge(std::vector<Report> shards, std::string& problem) {
  if (shards.empty()) {
    problem = "there is no report to merge";
    return std::nullopt;
  }
  for (size_t i = 1; i < shards.size(); ++i) {
    if (const std::string what = difference(shards[0], shards[i]); !what.empty()) {
      problem = fmt::format("report {} {}: these are no shards of one run", i + 1, what);
      return std::nullopt;
    }
  }
  if (problem = miscount(shards); !problem.empty()) return std::nullopt;
  for (Report& shard : shards) {
    std::move(shard.unseen.begin(), shard.unseen.end(), std::back_inserter(shard.stale));
    shard.unseen.clear();
  }
  Report merged;
  merged.contract = shards[0].contract;
  merged.title = shards[0].title;
  merged.version = shards[0].version;
  merged.seed = shards[0].seed;
  merged.level = shards[0].level;
  merged.started_ms = shards[0].started_ms;
  merge_coverage(shards, merged);
  merge_stale(shards, merged);
  Findings findings(merged.findings);
  std::set<std::string> targets, errors;
  for (Report& shard : shards) {
    std::vector<size_t> became;
    for (Finding& finding : shard.findings) became.push_back(findings.add(std::move(finding)));
    for (CaseResult& result : shard.cases) {
      for (size_t& index : result.findings) index = became.at(index);
      merged.cases.push_back(std::move(result));
    }
    merge_exchanges(shard.exchanges, merged);
    merged.exchanges_left_out += shard.exchanges_left_out;
    merged.started_ms = std::min(merged.started_ms, shard.started_ms);
    merged.microseconds += shard.microseconds;
    join(merged.target, targets, shard.target, ", ");
    join(merged.environment_error, errors, shard.environment_error, "; ");
  }
  return merged;
}

}  // namespace counterpart::conformance::reports

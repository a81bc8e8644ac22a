#include "fuzz/client/settle.h"

#include <algorithm>
#include <stdexcept>

#include "engine/scenario/scenario.h"
#include "fuzz/client/report.h"
#include "fuzz/client/shrink.h"

namespace counterpart::fuzz::client {

namespace {

constexpr int confirmations_max = 3;   // runs to see a finding again
constexpr size_t hang_tries_max = 40;  // each may take all of its time

bool is_the_same(const Finding& a, const Finding& b) {
  return a.failure == b.failure && a.damage.operation == b.damage.operation && a.damage.family == b.damage.family &&
         a.is_flaky == b.is_flaky;
}

}  // namespace

bool is_akin(const Failure& a, const Damage& damage_a, const Failure& b, const Damage& damage_b) {
  return damage_a.operation == damage_b.operation && damage_a.family == damage_b.family && a.is_alike(b);
}

Settler::Settler(const World& world, const Options& options, Runs& runs, const std::vector<AskedOperation>& asked,
                 FindingsFolder& folder, Play play)
    : world_(world),
      options_(options),
      runs_(runs),
      asked_(asked),
      folder_(folder),
      play_(std::move(play)),
      judge_(world.suite) {}

void Settler::settle(Finding finding, SteadyClock::time_point deadline, Report& report) {
  deadline_ = deadline;
  folder_.take_back(finding.name, scenario::scenario_suffix);
  const Wordy as_found{report.findings.size(), finding.failure, finding.damage};
  if (!is_ended()) see_again(finding, report);
  Finding* known = known_as(finding, as_found.damage, report);
  if (known == nullptr && !finding.is_flaky && !finding.is_out_of_time && !is_ended()) {
    make_less(finding, report);
    known = known_as(finding, as_found.damage, report);
  }
  if (known != nullptr) {
    known->count += finding.count;
    known->tries += finding.tries;
    return;
  }
  save(finding, report);
  if (finding.in_other_words) wordy_.push_back(as_found);
  report.findings.push_back(std::move(finding));
}

Finding* Settler::known_as(const Finding& finding, const Damage& as_found, Report& report) const {
  if (finding.in_other_words) {
    for (const Wordy& wordy : wordy_) {
      if (is_akin(wordy.failure, wordy.damage, finding.failure, as_found)) return &report.findings[wordy.index];
    }
  }
  const auto twin = std::find_if(report.findings.begin(), report.findings.end(),
                                 [&](const Finding& other) { return is_the_same(other, finding); });
  return twin == report.findings.end() ? nullptr : &*twin;
}

/// Of the candidates; what it ended with is then the finding's.
Tried Settler::first_that_shows(Finding& finding, const std::vector<Damage>& candidates, Report& report) {
  size_t begin = 0;
  for (; begin < candidates.size() && !is_to_end(); begin += options_.at_once) {
    const size_t end = std::min(begin + options_.at_once, candidates.size());
    const std::vector<Damage> some(candidates.begin() + static_cast<ptrdiff_t>(begin),
                                   candidates.begin() + static_cast<ptrdiff_t>(end));
    Results results = play_(some, deadline_);
    report.tries += static_cast<size_t>(std::count_if(results.begin(), results.end(), [](auto& one) { return !!one; }));
    for (size_t i = 0; i < some.size(); ++i) {
      const auto failure = results[i] ? world_.verdict.judge(*results[i]) : std::nullopt;
      if (!failure || !failure->is_alike(finding.failure)) continue;
      if (!finding.in_other_words && *failure != finding.failure) continue;
      finding.ended = *std::move(results[i]);
      return {begin + i, begin + i + 1};
    }
  }
  return {std::nullopt, std::min(begin, candidates.size())};
}

/// In the same words if it can be, else in whatever words.
void Settler::see_again(Finding& finding, Report& report) {
  Finding in_any_words = finding;
  in_any_words.in_other_words = true;
  bool is_seen = false, is_seen_in_any = false;
  for (int i = 0; i < confirmations_max && !is_seen && !is_to_end(); ++i) {
    if (!first_that_shows(in_any_words, {finding.damage}, report).shown) continue;
    is_seen_in_any = true;
    is_seen = world_.verdict.judge(in_any_words.ended) == finding.failure;
  }
  finding.is_out_of_time = !is_seen_in_any && is_out_of_time();
  if (is_ended() || finding.is_out_of_time) return;
  finding.is_flaky = !is_seen_in_any;
  if (is_seen_in_any) finding.ended = std::move(in_any_words.ended);
  if (!is_seen_in_any || is_seen) return;
  finding.in_other_words = true;
  finding.failure.last_line.clear();
}

void Settler::make_less(Finding& finding, Report& report) {
  const auto asked = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const AskedOperation& one) { return one.operation == finding.damage.operation; });
  ShrinkLimits limits;
  limits.timeout = options_.timeout;
  if (finding.failure.kind == Failure::Kind::hang) limits.tries_max = hang_tries_max;
  const auto try_all = [&](const std::vector<Damage>& candidates) {
    const Tried tried = first_that_shows(finding, candidates, report);
    finding.is_less = finding.is_less || tried.shown;
    return tried;
  };
  finding.damage = shrink(finding.damage, *asked, judge_, limits, try_all, finding.tries);
  finding.is_out_of_time = is_out_of_time();
  finding.is_shrunk = !is_to_end();
}

void Settler::save(Finding& finding, Report& report) {
  runs_.cues_of(finding.damage);  // settles how its body is written
  try {
    finding.name = folder_.next_name();
    finding.file = folder_.path_of(finding.name, scenario::scenario_suffix);
    finding.scenario = scenario_text(finding.damage, finding.name, remarks_of(finding, options_));
    folder_.write(finding.name, scenario::scenario_suffix, finding.scenario);
  } catch (const std::runtime_error& error) {
    finding.file.clear();
    report.environment_error = error.what();
  }
}

}  // namespace counterpart::fuzz::client

#include "fuzz/client/fuzzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "conformance/suite.h"
#include "fuzz/client/plan.h"
#include "fuzz/client/report.h"
#include "fuzz/client/runs.h"
#include "fuzz/client/settle.h"
#include "fuzz/findings_folder.h"
#include "mock/spaces.h"

namespace counterpart::fuzz::client {

namespace {

constexpr size_t batch_runs = 32;    // between them it is decided what is left out, whatever runs at once
constexpr size_t findings_max = 50;  // that are told apart
constexpr size_t wordings_max = 8;   // of one failure of an operation and a family, likewise

/// Of runs with the same operation and way of damage, before no more are drawn: answers that stall hang what has no time
/// limit whatever else they are; of others a few may have hung by a mistake that the rest do not show.
size_t hangs_max(const Damage& damage) { return damage.family == Family::slow ? 3 : 10; }

/// "fetchAllSessions, stall", "fetchAllSessions, nearly legal".
std::string way_of(const Damage& damage) {
  const std::string_view way = damage.fault.name.empty() ? name_of(damage.family) : std::string_view(damage.fault.name);
  return fmt::format("{}, {}", damage.operation->id, way);
}

class Fuzzer {
 public:
  Fuzzer(const World& world, const Options& options, const std::function<void(const Progress&)>& on_progress)
      : world_(world), options_(options), on_progress_(on_progress), mutator_(world.suite), runs_(world, options) {}

  Report run() {
    const auto begun = SteadyClock::now();
    if (open_folder() && run_clean()) {
      plan_.emplace(mutator_, asked_, PlanOptions{options_.seed, options_.timeout, options_.cut_everywhere});
      settler_.emplace(world_, options_, runs_, asked_, *folder_, [this](const auto& damages, auto deadline) {
        deadline_ = deadline;
        return play(damages);
      });
      search();
      settle();
    }
    report_.interrupted = runs_.interrupted();
    const auto taken = SteadyClock::now() - begun;
    report_.microseconds = std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
    return std::move(report_);
  }

 private:
  bool open_folder() {
    try {
      folder_.emplace(options_.folder);
    } catch (const std::runtime_error& error) {
      report_.environment_error = error.what();
    }
    return folder_.has_value();
  }

  bool run_clean() {
    constexpr const char* space = "clean";
    auto clean = runs_.clean(space);
    if (!clean) return false;
    report_.clean = *std::move(clean);
    asked_ = asked_in(world_.spaces, space, world_.suite);
    world_.spaces.remove(space);
    for (const AskedOperation& one : asked_) report_.asked.push_back({one.operation->id, one.calls});
    report_.usage_error = clean_error();
    return report_.usage_error.empty();
  }

  std::string clean_error() const {
    const Ended& clean = report_.clean;
    if (!clean.error.empty()) return fmt::format("cannot run {}: {}", options_.command[0], clean.error);
    const auto failure = world_.verdict.judge(clean);
    if (failure && failure->kind != Failure::Kind::exit_code) {
      return fmt::format("the command fails against the undamaged mock: {}", text_of(*failure, options_));
    }
    if (!world_.verdict.is_good(clean.exit_code)) {
      return fmt::format("the command fails against the undamaged mock: exit code {}{}", clean.exit_code,
                         failure ? ", which is not among --expect-exit" : "");
    }
    if (!asked_.empty()) return "";
    return "the command asked the mock for none of the contract's operations; it finds the mock at $COUNTERPART_URL";
  }

  bool is_left_out(const Damage& damage) const {
    const auto found = hangs_.find(way_of(damage));
    return found != hangs_.end() && found->second >= hangs_max(damage);
  }

  /// What is run next, at most a batch of it. Cuts are never left out: they are to be all.
  std::vector<Damage> next_batch() {
    std::vector<Damage> batch;
    while (batch.size() < batch_runs) {
      if (counted_ < options_.runs_max && next_listed_ < plan_->listed()) {
        const Damage& damage = plan_->listed_at(next_listed_++);
        if (is_left_out(damage)) {
          ++left_out_[way_of(damage)];
          continue;
        }
        batch.push_back(damage);
        ++counted_;
      } else if (next_cut_ < plan_->cuts()) {
        batch.push_back(plan_->cut_at(next_cut_++));
      } else if (counted_ < options_.runs_max) {
        auto drawn = plan_->drawn_at(next_drawn_++, [this](const Damage& damage) { return is_left_out(damage); });
        if (!drawn) break;
        batch.push_back(*std::move(drawn));
        ++counted_;
      } else {
        break;
      }
    }
    return batch;
  }

  /// In the batch's order, whichever run ends first; each as soon as that allows, so that a finding is saved at once.
  void search(std::vector<Damage> batch) {
    size_t next = 0;
    const auto note_at = [&](size_t index, Results& results) {
      ++report_.runs;
      note(std::move(batch[index]), *std::move(results[index]));
    };
    Results results = play(batch, [&](Results& so_far) {
      while (next < batch.size() && so_far[next]) note_at(next++, so_far);
    });
    for (; next < batch.size(); ++next) {
      if (results[next]) note_at(next, results);  // behind one that was interrupted
    }
  }

  void search() {
    if (options_.time_max.count() > 0) deadline_ = SteadyClock::now() + options_.time_max;
    for (;;) {
      std::vector<Damage> batch = next_batch();
      if (batch.empty()) break;
      search(std::move(batch));
      report_.out_of_time = SteadyClock::now() >= deadline_;
      const bool is_ended = runs_.interrupted() || !report_.environment_error.empty();
      if (report_.out_of_time || is_ended) break;
    }
    deadline_ = SteadyClock::time_point::max();
    report_.left_out.assign(left_out_.begin(), left_out_.end());
  }

  void note(Damage damage, Ended ended) {
    const auto failure = world_.verdict.judge(ended);
    if (!failure) return;
    if (failure->kind == Failure::Kind::hang) ++hangs_[way_of(damage)];
    size_t wordings = 0;
    for (Finding& known : report_.findings) {
      if (!is_akin(known.failure, known.damage, *failure, damage)) continue;
      ++wordings;
      if (known.failure != *failure) continue;
      ++known.count;
      return;
    }
    if (report_.findings.size() >= findings_max || wordings >= wordings_max) {
      ++report_.untold;
      return;
    }
    Finding& finding = report_.findings.emplace_back();
    finding.failure = *failure;
    finding.damage = std::move(damage);
    finding.ended = std::move(ended);
    finding.count = 1;
    finding.first_run = report_.runs;
    settler_->save(finding, report_);
  }

  Results play(const std::vector<Damage>& damages, const std::function<void(Results&)>& on_end = {}) {
    Results results = runs_.play(damages, deadline_, [&](Results& so_far) {
      if (on_end) on_end(so_far);
      tell();
    });
    if (!runs_.error().empty()) report_.environment_error = runs_.error();
    return results;
  }

  void tell() {
    ++played_;
    if (!on_progress_) return;
    const size_t all = options_.runs_max + plan_->cuts();
    on_progress_({std::min(played_, all), all, report_.findings.size() + unsettled_, doing_});
  }

  void settle() {
    std::vector<Finding> found = std::exchange(report_.findings, {});
    const auto end = SteadyClock::now() + options_.time_max;
    for (size_t i = 0; i < found.size(); ++i) {
      doing_ = fmt::format("shrinking {} of {}", i + 1, found.size());
      unsettled_ = found.size() - i;
      auto deadline = SteadyClock::time_point::max();
      if (options_.time_max.count() > 0) {  // what one leaves of its share the others have
        const auto now = SteadyClock::now();
        deadline = now + std::max(end - now, SteadyClock::duration(0)) / static_cast<int64_t>(found.size() - i);
      }
      settler_->settle(std::move(found[i]), deadline, report_);
    }
  }

  const World& world_;
  const Options& options_;
  const std::function<void(const Progress&)>& on_progress_;
  const Mutator mutator_;
  Runs runs_;
  Report report_;
  std::vector<AskedOperation> asked_;
  std::optional<Plan> plan_;
  std::optional<FindingsFolder> folder_;
  std::optional<Settler> settler_;
  std::map<std::string, size_t> hangs_, left_out_;  ///< by way_of()
  size_t next_listed_ = 0, next_cut_ = 0, counted_ = 0, played_ = 0;
  size_t unsettled_ = 0;  ///< found, and not in the report: settling may make one of two
  uint64_t next_drawn_ = 0;
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
  std::string doing_;
};

}  // namespace

Report run(const World& world, const Options& options, const std::function<void(const Progress&)>& on_progress) {
  return Fuzzer(world, options, on_progress).run();
}

}  // namespace counterpart::fuzz::client

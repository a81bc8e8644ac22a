#include "fuzz/client/fuzzer.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <tuple>

#include "conformance/suite.h"
#include "fuzz/client/plan.h"
#include "fuzz/client/report.h"
#include "fuzz/client/runs.h"
#include "fuzz/client/shrink.h"
#include "mock/spaces.h"

namespace counterpart::fuzz::client {

namespace {

constexpr size_t batch_runs = 32;      // between them it is decided what is left out, whatever runs at once
constexpr size_t hangs_max = 3;        // of an operation and a family, before more of them are left out
constexpr size_t findings_max = 50;    // that are told apart
constexpr int confirmations_max = 3;   // runs to see a finding again
constexpr size_t hang_tries_max = 40;  // each may take all of its time

class Fuzzer {
 public:
  Fuzzer(const World& world, const Options& options, const std::function<void(const Progress&)>& on_progress)
      : world_(world),
        options_(options),
        on_progress_(on_progress),
        mutator_(world.suite),
        judge_(world.suite),
        runs_(world, options) {}

  Report run() {
    const auto begun = SteadyClock::now();
    if (run_clean()) {
      plan_.emplace(mutator_, asked_, PlanOptions{options_.seed, options_.timeout, options_.cut_everywhere});
      search(begun);
      settle();
    }
    report_.interrupted = runs_.interrupted();
    const auto taken = SteadyClock::now() - begun;
    report_.microseconds = std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
    return std::move(report_);
  }

 private:
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
    if (const auto failure = world_.verdict.judge(clean)) {
      return fmt::format("the command fails against the undamaged mock: {}", failure->text());
    }
    if (!world_.verdict.is_good(clean.exit_code)) {
      return fmt::format("the command fails against the undamaged mock: exit code {}", clean.exit_code);
    }
    if (!asked_.empty()) return "";
    return "the command asked the mock for none of the contract's operations; it finds the mock at $COUNTERPART_URL";
  }

  bool is_left_out(const contract::Operation& operation, Family family) const {
    const auto found = hangs_.find({&operation, family});
    return found != hangs_.end() && found->second >= hangs_max;
  }

  /// What is run next, at most a batch of it.
  std::vector<Damage> next_batch() {
    std::vector<Damage> batch;
    const auto add = [&](Damage damage) {
      const bool is_left = is_left_out(*damage.operation, damage.family);
      if (is_left) ++left_out_[fmt::format("{}, {}", damage.operation->id, name_of(damage.family))];
      if (!is_left) batch.push_back(std::move(damage));
      return !is_left;
    };
    while (batch.size() < batch_runs) {
      if (counted_ < options_.runs_max && next_listed_ < plan_->listed()) {
        counted_ += add(plan_->listed_at(next_listed_++)) ? 1 : 0;
      } else if (next_cut_ < plan_->cuts()) {
        add(plan_->cut_at(next_cut_++));
      } else if (counted_ < options_.runs_max) {
        auto drawn = plan_->drawn_at(next_drawn_++, [this](const contract::Operation& operation, Family family) {
          return is_left_out(operation, family);
        });
        if (!drawn) break;
        batch.push_back(*std::move(drawn));
        ++counted_;
      } else {
        break;
      }
    }
    return batch;
  }

  void search(SteadyClock::time_point begun) {
    if (options_.time_max.count() > 0) deadline_ = begun + options_.time_max;
    for (;;) {
      std::vector<Damage> batch = next_batch();
      if (batch.empty()) break;
      Results results = play(batch);
      for (size_t i = 0; i < batch.size(); ++i) {
        if (!results[i]) continue;
        ++report_.runs;
        note(std::move(batch[i]), *std::move(results[i]));
      }
      report_.out_of_time = SteadyClock::now() >= deadline_;
      if (report_.out_of_time || runs_.interrupted() || !runs_.error().empty()) break;
    }
    deadline_ = SteadyClock::time_point::max();
    report_.left_out.assign(left_out_.begin(), left_out_.end());
  }

  void note(Damage damage, Ended ended) {
    const auto failure = world_.verdict.judge(ended);
    if (!failure) return;
    if (failure->kind == Failure::Kind::hang) ++hangs_[{damage.operation, damage.family}];
    for (Finding& known : report_.findings) {
      if (known.failure == *failure && known.damage.operation == damage.operation &&
          known.damage.family == damage.family) {
        ++known.count;
        return;
      }
    }
    if (report_.findings.size() >= findings_max) return;
    Finding& finding = report_.findings.emplace_back();
    finding.failure = *failure;
    finding.damage = std::move(damage);
    finding.ended = std::move(ended);
    finding.count = 1;
    finding.first_run = report_.runs;
  }

  Results play(const std::vector<Damage>& damages) {
    Results results = runs_.play(damages, deadline_, [this] { tell(); });
    if (!runs_.error().empty()) report_.environment_error = runs_.error();
    return results;
  }

  void tell() {
    ++played_;
    if (!on_progress_) return;
    const size_t all = options_.runs_max + plan_->cuts();
    on_progress_({std::min(played_, all), all, report_.findings.size(), doing_});
  }

  /// Each finding is seen again, made less, told apart once more, and saved.
  void settle() {
    std::vector<Finding> found = std::exchange(report_.findings, {});
    const auto end = SteadyClock::now() + options_.time_max;
    for (size_t i = 0; i < found.size(); ++i) {
      doing_ = fmt::format("shrinking {} of {}", i + 1, found.size());
      if (options_.time_max.count() > 0) {  // what one leaves of its share the others have
        const auto now = SteadyClock::now();
        deadline_ = now + std::max(end - now, SteadyClock::duration(0)) / static_cast<int64_t>(found.size() - i);
      }
      if (!runs_.interrupted()) make_less(found[i]);
      const auto twin = std::find_if(report_.findings.begin(), report_.findings.end(), [&](const Finding& other) {
        return other.failure == found[i].failure && other.damage.operation == found[i].damage.operation &&
               other.damage.family == found[i].damage.family && other.is_flaky == found[i].is_flaky;
      });
      if (twin == report_.findings.end()) {
        report_.findings.push_back(std::move(found[i]));
      } else {
        twin->count += found[i].count;
        twin->tries += found[i].tries;
      }
    }
    for (Finding& finding : report_.findings) save(finding);
  }

  void make_less(Finding& finding) {
    const auto try_all = [&](std::vector<Damage> candidates) -> std::optional<size_t> {
      for (size_t begin = 0; begin < candidates.size() && !is_to_end(); begin += options_.at_once) {
        const size_t end = std::min(begin + options_.at_once, candidates.size());
        std::vector<Damage> some(candidates.begin() + static_cast<ptrdiff_t>(begin),
                                 candidates.begin() + static_cast<ptrdiff_t>(end));
        Results results = play(some);
        report_.tries +=
            static_cast<size_t>(std::count_if(results.begin(), results.end(), [](auto& one) { return !!one; }));
        for (size_t i = 0; i < some.size(); ++i) {
          if (!results[i] || world_.verdict.judge(*results[i]) != finding.failure) continue;
          finding.ended = *std::move(results[i]);
          return begin + i;
        }
      }
      return std::nullopt;
    };
    bool is_seen = false;
    for (int i = 0; i < confirmations_max && !is_seen; ++i) is_seen = try_all({finding.damage}).has_value();
    finding.is_out_of_time = !is_seen && is_out_of_time();
    if (runs_.interrupted() || finding.is_out_of_time) return;
    finding.is_flaky = !is_seen;
    if (finding.is_flaky) return;
    const auto asked = std::find_if(asked_.begin(), asked_.end(), [&](const AskedOperation& one) {
      return one.operation == finding.damage.operation;
    });
    ShrinkLimits limits;
    limits.timeout = options_.timeout;
    if (finding.failure.kind == Failure::Kind::hang) limits.tries_max = hang_tries_max;
    finding.damage = shrink(finding.damage, *asked, judge_, limits, try_all, finding.tries);
    finding.is_out_of_time = is_out_of_time();
    finding.is_shrunk = !is_to_end();
  }

  bool is_out_of_time() const { return SteadyClock::now() >= deadline_; }
  bool is_to_end() const { return runs_.interrupted() || is_out_of_time(); }

  void save(Finding& finding) {
    namespace fs = std::filesystem;
    std::error_code failed;
    fs::create_directories(options_.folder, failed);
    fs::path file;
    do {  // what earlier runs have found stays
      finding.name = fmt::format("found-{}", next_name_++);
      file = fs::path(options_.folder) / (finding.name + scenario::scenario_suffix);
    } while (fs::exists(file, failed));
    finding.file = file.string();
    runs_.cues_of(finding.damage);  // settles how its body is written
    std::ofstream out(file, std::ios::binary);
    out << scenario_text(finding.damage, finding.name, remarks_of(finding, options_));
    out.close();
    if (!out) report_.environment_error = fmt::format("{} cannot be written", finding.file);
  }

  const World& world_;
  const Options& options_;
  const std::function<void(const Progress&)>& on_progress_;
  const Mutator mutator_;
  const Judge judge_;
  Runs runs_;
  Report report_;
  std::vector<AskedOperation> asked_;
  std::optional<Plan> plan_;
  std::map<std::pair<const contract::Operation*, Family>, size_t> hangs_;
  std::map<std::string, size_t> left_out_;
  size_t next_listed_ = 0, next_cut_ = 0, counted_ = 0, played_ = 0, next_name_ = 1;
  uint64_t next_drawn_ = 0;
  SteadyClock::time_point deadline_ = SteadyClock::time_point::max();
  std::string doing_;
};

}  // namespace

Report run(const World& world, const Options& options, const std::function<void(const Progress&)>& on_progress) {
  return Fuzzer(world, options, on_progress).run();
}

}  // namespace counterpart::fuzz::client

#include "conformance/prove/prove.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

#include "conformance/engine_target.h"
#include "conformance/prove/mutants.h"
#include "conformance/runner.h"
#include "engine/contract/fields.h"
#include "engine/document/yaml.h"

namespace counterpart::conformance {

namespace {

struct Equivalent {
  std::string mutant;
  std::string reason;
  Place where;
};

std::vector<Equivalent> load_equivalents(const std::string& folder, document::Diagnostics& diagnostics) {
  namespace fs = std::filesystem;
  const fs::path file = fs::path(folder) / equivalents_file;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const auto source = document::read_source(file.string(), diagnostics);
  const auto root = source == nullptr ? std::nullopt : document::parse_yaml(source, diagnostics);
  if (!root) return {};
  const contract::Reading reading{source, diagnostics};
  std::vector<Equivalent> equivalents;
  contract::Fields fields(*root, "the list of equivalent mutants", reading);
  for (const document::Node& node : fields.list("equivalents")) {
    contract::Fields entry(node, "an equivalent mutant", reading);
    Equivalent equivalent{entry.required_text("mutant"), entry.required_text("reason"), {}};
    equivalent.where = {source->name, node.at.line, node.at.column};
    entry.finish();
    equivalents.push_back(std::move(equivalent));
  }
  fields.finish();
  return equivalents;
}

class Proving {
 public:
  Proving(const Suite& suite, const std::string& folder, const ProofOptions& options)
      : suite_(suite), folder_(folder), options_(options), cases_(plan(suite, {options.generate, options.seed})) {}

  Report clean(document::Diagnostics& diagnostics) {
    const auto target = make_engine_target(suite_.engine, diagnostics);
    if (target == nullptr) return {};
    RunOptions run_options = this->run_options();
    run_options.fail_fast = false;
    return conformance::run(suite_, cases_, *target, run_options);
  }

  MutantResult judge(const Mutant& mutant, const document::Node& root, size_t& exchanges) const {
    const auto& source = suite_.contract().source;
    MutantResult result;
    result.id = mutant.id;
    result.where = {source->name, mutant.at.line, mutant.at.column};
    document::Node changed = root;
    mutant.apply(changed);
    document::Diagnostics diagnostics;
    auto loaded = contract::load(changed, source, folder_, diagnostics);
    std::unique_ptr<Target> target;
    if (loaded) {
      target = make_engine_target(std::make_shared<const engine::Engine>(std::move(loaded)), diagnostics);
    }
    if (target == nullptr) {
      result.kind = MutantResult::Kind::invalid;
      result.by = diagnostics.all().empty() ? "" : diagnostics.all().front().message;
      return result;
    }
    const Report report = conformance::run(suite_, cases_, *target, run_options());
    for (const CaseResult& one : report.cases) exchanges += one.exchanges;
    if (report.findings.empty()) return result;
    const Finding& finding = report.findings.front();
    result.kind = MutantResult::Kind::killed;
    result.by = fmt::format("{} at {}: {}", finding.check, finding.subject, finding.message);
    return result;
  }

 private:
  RunOptions run_options() const {
    RunOptions run_options;
    run_options.level = Level::assumed;
    run_options.seed = options_.seed;
    run_options.fail_fast = true;
    run_options.keep_exchanges = false;
    run_options.shrink_tries_max = 0;
    return run_options;
  }

  const Suite& suite_;
  const std::string& folder_;
  const ProofOptions& options_;
  const std::vector<Case> cases_;
};

void apply_equivalents(Proof& proof, const std::vector<Equivalent>& equivalents) {
  for (const Equivalent& entry : equivalents) {
    const auto mutant = std::find_if(proof.mutants.begin(), proof.mutants.end(),
                                     [&](const MutantResult& other) { return other.id == entry.mutant; });
    if (mutant == proof.mutants.end()) {
      proof.stale.push_back({"", entry.mutant, "there is no such mutant", entry.where});
    } else if (mutant->kind != MutantResult::Kind::survived) {
      proof.stale.push_back({"", entry.mutant, "it did not survive", entry.where});
    } else {
      mutant->kind = MutantResult::Kind::equivalent;
      mutant->by = entry.reason;
    }
  }
}

}  // namespace

size_t Proof::count(MutantResult::Kind kind) const {
  return static_cast<size_t>(
      std::count_if(mutants.begin(), mutants.end(), [&](const MutantResult& mutant) { return mutant.kind == kind; }));
}

double Proof::score() const {
  const size_t killed = count(MutantResult::Kind::killed);
  const size_t survived = count(MutantResult::Kind::survived);
  return killed + survived == 0 ? 100 : 100.0 * static_cast<double>(killed) / static_cast<double>(killed + survived);
}

bool Proof::is_clean() const { return clean.findings.empty() && clean.environment_error.empty(); }

bool Proof::holds() const { return is_clean() && stale.empty() && count(MutantResult::Kind::survived) == 0; }

std::optional<Proof> prove(const std::string& folder, const ProofOptions& options, document::Diagnostics& diagnostics) {
  SuiteOptions suite_options;
  suite_options.exact = true;
  const auto suite = load_suite(folder, suite_options, diagnostics);
  if (suite == nullptr) return std::nullopt;
  const auto equivalents = load_equivalents(folder, diagnostics);
  const auto root = document::parse_yaml(suite->contract().source, diagnostics);
  if (!root || diagnostics.has_errors()) return std::nullopt;

  Proof proof;
  Proving proving(*suite, folder, options);
  proof.clean = proving.clean(diagnostics);
  for (const CaseResult& one : proof.clean.cases) proof.exchanges += one.exchanges;
  if (!proof.is_clean()) return proof;  // what is found of a mutant would show nothing of the mutant
  const std::vector<Mutant> mutants = mutants_of(*root);
  proof.mutants.resize(mutants.size());
  std::atomic<size_t> next{0};
  std::atomic<size_t> exchanges{0};
  const auto work = [&] {
    size_t mine = 0;
    for (size_t i = next++; i < mutants.size(); i = next++) proof.mutants[i] = proving.judge(mutants[i], *root, mine);
    exchanges += mine;
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < options.threads; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  proof.exchanges += exchanges;
  apply_equivalents(proof, equivalents);
  return proof;
}

}  // namespace counterpart::conformance

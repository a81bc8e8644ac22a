#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>

#include "cli/commands.h"
#include "conformance/prove/prove.h"

namespace counterpart::cli {

namespace {

using conformance::MutantResult;
using conformance::Proof;

std::string_view name_of(MutantResult::Kind kind) {
  switch (kind) {
    case MutantResult::Kind::killed:
      return "killed";
    case MutantResult::Kind::survived:
      return "survived";
    case MutantResult::Kind::equivalent:
      return "equivalent";
    case MutantResult::Kind::invalid:
      return "invalid";
  }
  return "";
}

void print(const Proof& proof, const ProveOptions& options, double seconds) {
  for (const auto& finding : proof.clean.findings) {
    fmt::print("false alarm: {} at {}: {} ({})\n", finding.check, finding.subject, finding.message, finding.case_name);
  }
  if (!proof.clean.environment_error.empty()) fmt::print("{}\n", proof.clean.environment_error);
  for (const auto& one : proof.clean.cases) {
    if (!one.reason.empty()) fmt::print("not played: {}: {}\n", one.name, one.reason);
  }
  for (const MutantResult& mutant : proof.mutants) {
    const bool survived = mutant.kind == MutantResult::Kind::survived;
    if (!survived && !options.list) continue;
    fmt::print("{:<10}  {}:{}: {}\n", name_of(mutant.kind), mutant.where.file, mutant.where.line, mutant.id);
    if (!mutant.by.empty()) fmt::print("{:<10}  by {}\n", "", mutant.by);
  }
  for (const auto& entry : proof.stale) {
    fmt::print("{}:{}: the equivalent mutant \"{}\" is stale: {}\n", entry.where.file, entry.where.line, entry.on,
               entry.problem);
  }
  if (proof.is_clean()) {
    const size_t invalid = proof.count(MutantResult::Kind::invalid);
    fmt::print("mutants: {}, killed: {}, equivalent: {}, survived: {}, score: {:.1f} %\n",
               proof.mutants.size() - invalid, proof.count(MutantResult::Kind::killed),
               proof.count(MutantResult::Kind::equivalent), proof.count(MutantResult::Kind::survived), proof.score());
  } else {
    fmt::print("the contract itself is not clean: no mutants were played\n");
  }
  fmt::print(stderr, "counterpart: {} exchanges in {:.2f} s, seed {}\n", proof.exchanges, seconds, options.seed);
}

}  // namespace

int run_prove(const ProveOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  document::Diagnostics diagnostics;
  conformance::ProofOptions proof_options{options.generate, options.seed,
                                          std::max(1u, std::thread::hardware_concurrency())};
  const auto proof = conformance::prove(options.folder, proof_options, diagnostics);
  std::fputs(diagnostics.render(wants_colour(STDERR_FILENO)).c_str(), stderr);
  if (!proof) return exit_usage;
  print(*proof, options, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return proof->holds() ? exit_ok : exit_findings;
}

}  // namespace counterpart::cli

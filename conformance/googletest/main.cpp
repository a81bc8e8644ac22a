/// conformance_tests: every case of a contract as a GoogleTest case, so that filters, shards, repeats, XML and editors
/// work with what `counterpart check` plays. What is tested:
///
///   COUNTERPART_CONTRACT   a folder with a contract.yaml
///   COUNTERPART_TARGET     a URL, a *.target.yaml, or "engine" (the default): the contract itself
///   COUNTERPART_SEED, COUNTERPART_GENERATE   as `check` has them
///   COUNTERPART_LEVEL      documented (the default) or assumed

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "conformance/engine_target.h"
#include "conformance/http_target.h"
#include "conformance/runner.h"

namespace counterpart::conformance {

namespace {

std::string environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? otherwise : value;
}

/// What all cases share.
struct World {
  std::unique_ptr<Suite> suite;
  std::unique_ptr<Target> target;
  std::vector<Case> cases;
  RunOptions options;
  std::unique_ptr<Runner> runner;
  bool has_begun = false;
  std::string environment_error;  ///< nothing can be tested any more
};

class ConformanceCase : public testing::Test {
 public:
  ConformanceCase(World& world, const Case& one) : world_(world), case_(one) {}

  void TestBody() override {
    if (!world_.environment_error.empty()) GTEST_SKIP() << "the target cannot be tested";
    try {
      if (!world_.has_begun) world_.runner->begin();
      world_.has_begun = true;
      const CaseResult result = world_.runner->play(case_);
      if (result.outcome == Outcome::skipped || result.outcome == Outcome::inconclusive) GTEST_SKIP() << result.reason;
      if (result.outcome != Outcome::failed) return;
      for (const size_t index : result.findings) report(world_.runner->findings()[index]);
    } catch (const EnvironmentError& error) {
      world_.environment_error = error.what();
      FAIL() << "the target cannot be tested: " << error.what();
    }
  }

 private:
  void report(const Finding& finding) const {
    const bool counts = finding.level == Level::documented || world_.options.level == Level::assumed;
    if (!counts || !finding.known.empty()) return;
    const Place& where = finding.where.line > 0 ? finding.where : case_.where;
    ADD_FAILURE_AT(where.file.c_str(), where.line)
        << finding.check << " at " << finding.subject << ": " << finding.message << "\n  " << finding.requirement
        << "\n  expected: " << finding.expected << "\n  actual:   " << finding.actual << "\n  " << finding.curl;
  }

  World& world_;
  const Case& case_;
};

/// "killSession/parameter-bounds/limit/at-minimum" as a suite's and a case's name, of letters, digits and underscores.
std::pair<std::string, std::string> names_of(const std::string& name) {
  const size_t slash = name.find('/');
  const auto plain = [](std::string text) {
    for (char& c : text) {
      if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9')) c = '_';
    }
    return text;
  };
  return {plain(name.substr(0, slash)), plain(slash == std::string::npos ? "case" : name.substr(slash + 1))};
}

void register_cases(World& world) {
  std::set<std::string> taken;
  for (const Case& one : world.cases) {
    auto [suite, name] = names_of(one.name);
    for (int number = 2; !taken.insert(suite + "." + name).second; ++number) {
      name = names_of(one.name).second + "_" + std::to_string(number);
    }
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, one.where.file.c_str(), one.where.line,
                          [&world, &one]() -> ConformanceCase* { return new ConformanceCase(world, one); });
  }
}

/// Whether everything is there; says what is not.
bool load(World& world) {
  const std::string folder = environment("COUNTERPART_CONTRACT", "");
  const std::string target = environment("COUNTERPART_TARGET", "engine");
  if (folder.empty()) {
    fmt::print(stderr, "conformance_tests: COUNTERPART_CONTRACT names no folder\n");
    return false;
  }
  document::Diagnostics diagnostics;
  std::optional<TargetSettings> settings;
  if (target.ends_with(".yaml") || target.ends_with(".yml")) {
    settings = load_target(target, diagnostics);
  } else if (target != "engine") {
    std::string problem;
    settings = target_of_url(target, problem);
    if (!settings) fmt::print(stderr, "conformance_tests: {}\n", problem);
  }
  if (!settings && target != "engine") {
    fmt::print(stderr, "{}", diagnostics.render(false));
    return false;
  }
  SuiteOptions suite_options;
  suite_options.exact = !settings;
  if (settings && settings->variables) suite_options.variables = &*settings->variables;
  world.suite = load_suite(folder, suite_options, diagnostics);
  if (world.suite != nullptr && settings && !settings->contract.empty() &&
      settings->contract != world.suite->contract().name) {
    fmt::print(stderr, "conformance_tests: {} is a target of the contract \"{}\", not of \"{}\"\n", settings->file,
               settings->contract, world.suite->contract().name);
    return false;
  }
  if (world.suite != nullptr) {
    world.target = settings ? make_http_target(*settings, Connections::of_many_cases)
                            : make_engine_target(world.suite->engine, diagnostics);
  }
  fmt::print(stderr, "{}", diagnostics.render(false));
  if (world.target == nullptr) return false;
  world.options.seed = std::strtoull(environment("COUNTERPART_SEED", "1").c_str(), nullptr, 10);
  world.options.level =
      environment("COUNTERPART_LEVEL", "documented") == "assumed" ? Level::assumed : Level::documented;
  if (settings) world.options.known_failures = settings->known_failures;
  const size_t generate = std::strtoull(environment("COUNTERPART_GENERATE", "100").c_str(), nullptr, 10);
  world.cases = plan(*world.suite, {generate, world.options.seed});
  world.runner = std::make_unique<Runner>(*world.suite, world.cases, *world.target, world.options);
  return true;
}

}  // namespace

}  // namespace counterpart::conformance

int main(int argc, char** argv) {
  using namespace counterpart::conformance;
  testing::InitGoogleTest(&argc, argv);
  constexpr int exit_usage = 2;
  constexpr int exit_environment = 3;
  World world;
  try {
    if (!load(world)) return exit_usage;
  } catch (const EnvironmentError& error) {
    fmt::print(stderr, "conformance_tests: {}\n", error.what());
    return exit_environment;
  }
  register_cases(world);
  constexpr int exit_findings = 1;
  int code = RUN_ALL_TESTS() == 0 ? 0 : exit_findings;
  const testing::UnitTest& all = *testing::UnitTest::GetInstance();
  world.options.is_whole = all.test_to_run_count() == all.total_test_count();
  if (world.has_begun) {
    const Report report = world.runner->finish();
    if (world.environment_error.empty()) world.environment_error = report.environment_error;
    for (const StaleKnown& entry : report.stale) {
      fmt::print(stderr, "{}:{}:{}: known failure {} on {}: {}\n", entry.where.file, entry.where.line,
                 entry.where.column, entry.check, entry.on, entry.problem);
      code = exit_findings;
    }
  }
  if (world.environment_error.empty()) return code;
  fmt::print(stderr, "conformance_tests: {}\n", world.environment_error);
  return exit_environment;
}

#include "fuzz/server/from_environment.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "conformance/http_target.h"
#include "conformance/target_url.h"
#include "fuzz/server/allowed.h"

namespace counterpart::fuzz::server {

namespace {

[[noreturn]] void give_up(const std::string& problem) {
  std::fprintf(stderr, "%s\n", problem.c_str());
  std::exit(2);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) give_up(std::string(name) + " is not set");
  return value;
}

/// Everything that a session stands on.
struct World {
  World() {
    document::Diagnostics diagnostics;
    settings = conformance::load_target(variable("COUNTERPART_TARGET"), diagnostics);
    if (!settings) give_up(diagnostics.render(false));
    conformance::SuiteOptions suite_options;
    if (settings->variables) suite_options.variables = &*settings->variables;
    suite = conformance::load_suite(variable("COUNTERPART_CONTRACT"), suite_options, diagnostics);
    if (suite == nullptr) give_up(diagnostics.render(false));
    std::string problem;
    const auto url = conformance::parse_target_url(settings->url, problem);
    if (!url || !is_loopback(url->host, problem)) give_up(problem);
    options.restarts_as_contract = settings->starts_as_contract;
    options.known_failures = settings->known_failures;
    target = conformance::make_http_target(*settings);
    session = std::make_unique<Session>(*suite, *target, options);
  }

  std::optional<conformance::TargetSettings> settings;
  std::unique_ptr<conformance::Suite> suite;
  std::unique_ptr<conformance::Target> target;
  SessionOptions options;
  std::unique_ptr<Session> session;
};

}  // namespace

Session& session_from_environment() {
  static World world;
  return *world.session;
}

}  // namespace counterpart::fuzz::server

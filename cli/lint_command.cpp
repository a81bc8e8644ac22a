#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/commands.h"
#include "engine/engine.h"
#include "engine/scenario/lint.h"
#include "mock/stage.h"

namespace counterpart::cli {

namespace {

struct Style {
  const char* bold;
  const char* dim;
  const char* off;
};

Style style_of(bool colour) { return colour ? Style{"\x1b[1m", "\x1b[2m", "\x1b[0m"} : Style{"", "", ""}; }

const char* mark(bool yes) { return yes ? "yes" : "no"; }

/// One line per documented response, then the sums, then the undocumented answers with their reasons.
void print_report(const contract::Contract& contract, const scenario::Report& report, const Style& style) {
  size_t width = std::string_view("documented response").size();
  size_t documented = 0, reachable = 0, reproduced = 0;
  for (const scenario::ResponseReport& row : report.responses) {
    width = std::max(width, row.operation->id.size() + 1 + row.response->name.size());
  }
  fmt::print("{}{}{}: {}\n\n", style.bold, contract.name, style.off, contract.title);
  fmt::print("  {}{:<{}}  status  a rule reaches it  a scenario reproduces it{}\n", style.dim, "documented response",
             width, style.off);
  for (const scenario::ResponseReport& row : report.responses) {
    if (!row.documented) continue;
    ++documented;
    reachable += row.reachable ? 1 : 0;
    reproduced += row.reproduced ? 1 : 0;
    fmt::print("  {:<{}}  {:>6}  {:<17}  {}\n", row.operation->id + "/" + row.response->name, width,
               row.response->status, mark(row.reachable), mark(row.reproduced));
  }
  fmt::print("\n  {} documented responses: a rule can reach {}, a scenario reproduces {} ({} scenario{})\n\n",
             documented, reachable, reproduced, report.scenarios, report.scenarios == 1 ? "" : "s");
}

void print_undocumented(const scenario::Report& report, const Style& style) {
  const std::string* shown_operation = nullptr;
  bool heading = false;
  const auto head = [&] {
    if (!heading) fmt::print("  {}undocumented, chosen{}\n", style.dim, style.off);
    heading = true;
  };
  for (const scenario::ResponseReport& row : report.responses) {
    if (!row.operation->undocumented.empty()) {
      head();
      if (shown_operation != &row.operation->id)
        fmt::print("  {} (the whole operation): {}\n", row.operation->id, row.operation->undocumented);
      shown_operation = &row.operation->id;
      continue;
    }
    for (const contract::Undocumented& part : row.response->undocumented) {
      head();
      const std::string of = part.part == "response" ? "" : fmt::format(", its {}", part.part);
      fmt::print("  {}/{} ({}{}): {}\n", row.operation->id, row.response->name, row.response->status, of, part.reason);
    }
  }
  if (heading) fmt::print("\n");
}

using Engines = std::vector<std::unique_ptr<engine::Engine>>;

/// Warns of contracts that `mock` refuses to serve on one port.
void print_clashes(const Engines& engines) {
  for (size_t i = 0; i < engines.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (const auto problem = mock::clash(*engines[j], *engines[i]))
        fmt::print("warning: {}; `mock` serves them with --port-per-contract only\n", *problem);
    }
  }
}

/// Whether the contract and its scenarios are without errors; it is added to `engines` when it could be read.
bool lint_folder(const std::string& folder, bool colour, Engines& engines) {
  document::Diagnostics diagnostics;
  const Style style = style_of(colour);
  const contract::Loaded loaded = contract::load(folder, diagnostics);
  if (!loaded) {
    fmt::print("{}", diagnostics.render(colour));
    return false;
  }
  const engine::Engine& engine = *engines.emplace_back(std::make_unique<engine::Engine>(loaded));
  const auto scenarios = scenario::load_scenarios(*loaded.contract, diagnostics);
  for (const auto& scenario : scenarios) {
    if (scenario->play != nullptr) mock::Cues::make(scenario->play, *loaded.contract, diagnostics);
  }
  const bool state_is_good = engine.make_space({}, diagnostics) != nullptr;
  const scenario::Report report = state_is_good ? scenario::lint(engine, scenarios, diagnostics) : scenario::Report{};
  fmt::print("{}", diagnostics.render(colour));
  if (state_is_good) {
    print_report(*loaded.contract, report, style);
    print_undocumented(report, style);
  }
  return !diagnostics.has_errors();
}

}  // namespace

int run_lint(const LintOptions& options) {
  bool all_good = true;
  Engines engines;
  for (const std::string& folder : options.folders)
    all_good = lint_folder(folder, wants_colour(STDOUT_FILENO), engines) && all_good;
  print_clashes(engines);
  return all_good ? exit_ok : exit_usage;
}

}  // namespace counterpart::cli

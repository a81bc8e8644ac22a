#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "cli/commands.h"
#include "conformance/reports/text.h"
#include "fuzz/kit/project.h"

namespace counterpart::cli {

namespace {

using conformance::reports::counted;

/// What lies where, and what is next.
void show(const KitOptions& options, const fuzz::ProjectWritten& written) {
  const auto is_kept = [&](std::string_view name) {
    return std::find(written.kept.begin(), written.kept.end(), name) != written.kept.end();
  };
  const auto path = [&](const char* name) { return (std::filesystem::path(options.out) / name).string(); };
  const std::pair<const char*, std::string> lines[] = {
      {"contract/", "a copy of " + options.folder},
      {"corpus/", fmt::format("{}, {}", counted(written.documented, "documented answer"),
                              counted(written.changed, "changed one"))},
      {"my_parser_fuzz.dict", counted(written.words, "word") + " of these answers"},
      {"my_parser_fuzz.cpp", "calls a stand-in: your parser goes here"},
      {"CMakeLists.txt", "your parser's sources go here"},
      {"README.md", "says how to build and run it"},
  };
  fmt::print("{}: a project that fuzzes your parser\n", options.out);
  for (const auto& [name, text] : lines) {
    fmt::print("  {:<19}  {}\n", name, is_kept(name) ? "kept: it differs from what kit writes" : text);
  }
  if (is_kept("my_parser_fuzz.cpp")) {
    fmt::print("\nNext: run it again, as {} says\n", path("README.md"));
  } else {
    fmt::print("\nNext: call your parser in {},\nthen build and run it as {} says\n", path("my_parser_fuzz.cpp"),
               path("README.md"));
  }
}

}  // namespace

int run_kit(const KitOptions& options) {
  document::Diagnostics diagnostics;
  const auto kit = fuzz::Kit::load(options.folder, diagnostics);
  std::fputs(diagnostics.render(wants_colour(STDERR_FILENO)).c_str(), stderr);
  if (kit == nullptr) return exit_usage;
  try {
    const fuzz::ProjectWritten written =
        fuzz::write_project(*kit, {options.folder, options.out, options.seed, options.of_each_class, options.force});
    if (!written.refusal.empty()) return complain(written.refusal, exit_usage);
    show(options, written);
  } catch (const std::runtime_error& error) {
    return complain(error.what(), exit_environment);
  }
  return exit_ok;
}

}  // namespace counterpart::cli

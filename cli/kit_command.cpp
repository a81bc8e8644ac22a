#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "cli/commands.h"
#include "fuzz/kit/project.h"

namespace counterpart::cli {

int run_kit(const KitOptions& options) {
  document::Diagnostics diagnostics;
  const auto kit = fuzz::Kit::load(options.folder, diagnostics);
  std::fputs(diagnostics.render(wants_colour(STDERR_FILENO)).c_str(), stderr);
  if (kit == nullptr) return exit_usage;
  const fuzz::ProjectWritten written =
      fuzz::write_project(*kit, {options.folder, options.out, options.seed, options.of_each_class, options.force});
  if (!written.problem.empty()) return complain(written.problem, exit_usage);
  fmt::print("{}: {} documented answers, {} changed ones, {} words; README.md says how to go on\n", options.out,
             written.documented, written.changed, written.words);
  return exit_ok;
}

}  // namespace counterpart::cli

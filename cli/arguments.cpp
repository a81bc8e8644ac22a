#include "cli/arguments.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "engine/scenario/duration.h"

namespace counterpart::cli {

CLI::Validator checked(const std::string& shown, const std::string& expected, bool (*good)(const std::string&)) {
  return {
      [=](const std::string& text) { return good(text) ? "" : "expected " + expected + ", found \"" + text + "\""; },
      shown};
}

void add_seed(CLI::App* command, uint64_t& seed, const std::string& what) {
  command->add_option("--seed", seed, what)
      ->check(checked("", "a number from 0 to 18446744073709551615", is_number<uint64_t>));
}

void add_command_behind(CLI::App* command) {
  struct WithCommand final : CLI::Formatter {
    std::string make_usage(const CLI::App* app, std::string name) const override {
      std::string usage = Formatter::make_usage(app, std::move(name));
      usage.insert(std::min(usage.find_last_not_of('\n'), usage.size() - 1) + 1, " -- COMMAND...");
      return usage;
    }
  };
  command->formatter(std::make_shared<WithCommand>());
}

CLI::Option* add_duration(CLI::App* command, const std::string& name, int64_t& ms, const std::string& what) {
  return command
      ->add_option_function<std::string>(
          name, [&ms](const std::string& text) { ms = *scenario::duration_ms(text); }, what)
      ->check(checked("TIME", "a time such as 500ms, 30s or 5m",
                      [](const std::string& text) { return scenario::duration_ms(text).has_value(); }));
}

int written(int exit_code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  std::fprintf(stderr, "counterpart: stdout cannot be written: %s\n", std::strerror(errno));
  return exit_environment;
}

}  // namespace counterpart::cli

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "cli/child.h"
#include "cli/commands.h"
#include "cli/mock_sites.h"

extern char** environ;

namespace counterpart::cli {

namespace {

constexpr int exit_not_found = 127;  // of the command, as shells say it
constexpr int exit_not_executable = 126;
constexpr int signal_exit_base = 128;

/// Starts the command with the signals this program had; its process id, or -1.
pid_t start(const std::vector<std::string>& command, std::vector<std::string> environment, const sigset_t& unblocked) {
  std::vector<char*> arguments, variables;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  for (std::string& variable : environment) variables.push_back(variable.data());
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::pthread_sigmask(SIG_UNBLOCK, &unblocked, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  environ = variables.data();
  ::execvp(arguments[0], arguments.data());
  const int code = errno == ENOENT ? exit_not_found : exit_not_executable;
  const std::string said = "counterpart: cannot run " + command[0] + ": " + std::strerror(errno) + "\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, said.data(), said.size());
  ::_exit(code);
}

/// Waits for the command; signals that come meanwhile are its as well. Its exit code, as a shell says it.
int wait_for(pid_t child, const sigset_t& signals) {
  for (;;) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (signal != SIGCHLD) {
      ::kill(child, signal);
      continue;
    }
    int status = 0;
    if (::waitpid(child, &status, WNOHANG) != child) continue;
    return WIFSIGNALED(status) ? signal_exit_base + WTERMSIG(status) : WEXITSTATUS(status);
  }
}

struct Summary {
  uint64_t requests = 0, unmatched = 0, undocumented = 0, violations = 0, faults = 0;
  size_t documented = 0, exercised = 0;
  std::vector<std::string> unfinished;  ///< strict scenarios, each as a sentence
};

std::string in_space(const std::string& name, const std::string& own) {
  if (name == own) return "";
  return name.empty() ? " in the unnamed space" : fmt::format(" in the space \"{}\"", name);
}

/// Strict scenarios that did not come to their end, in every space that was asked, also those that are gone; where none
/// was, in the command's own.
void add_unfinished(mock::Spaces& spaces, const std::string& own, Summary& summary) {
  const auto add = [&](const std::string& space, const mock::Space::StrictStatus& strict) {
    if (strict.done == strict.steps) return;
    summary.unfinished.push_back(fmt::format("{}/{}: {} of {} steps met{}{}", strict.contract, strict.scenario,
                                             strict.done, strict.steps, in_space(space, own),
                                             strict.dropped ? ", then other scenarios were played" : ""));
  };
  std::vector<std::string> names = spaces.names();
  names.emplace_back("");
  std::erase_if(names, [&](const std::string& name) { return spaces.use(name)->tally().requests == 0; });
  const auto left = spaces.left_strict();
  if (names.empty() && left.empty()) names.push_back(own);
  for (const std::string& name : names) {
    for (const auto& strict : spaces.use(name)->strict_due()) add(name, strict);
  }
  for (const auto& [name, strict] : left) {
    const bool is_back = std::find(names.begin(), names.end(), name) != names.end();
    if (!is_back) add(name, strict);
  }
}

Summary summarize(const MockSites& sites, const std::string& space) {
  Summary summary;
  for (const auto& site : sites.sites()) {
    const mock::Tally tally = site->spaces->total();
    summary.requests += tally.requests;
    summary.unmatched += tally.unmatched;
    summary.undocumented += tally.undocumented;
    summary.violations += tally.violations;
    summary.faults += tally.faults;
    for (const auto& row : tally.rows) {
      if (!row.documented) continue;
      ++summary.documented;
      summary.exercised += row.served > 0 ? 1 : 0;
    }
    add_unfinished(*site->spaces, space, summary);
  }
  return summary;
}

std::string counted(uint64_t count, const char* one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

void print(const Summary& summary, const MockOptions& options) {
  const bool is_scripted = !options.scenarios.empty() && !options.strict;
  fmt::print(stderr, "counterpart: {}, {} unmatched, {}, {}{}\n", counted(summary.requests, "request"),
             summary.unmatched, counted(summary.violations, "violation"), counted(summary.faults, "fault"),
             is_scripted ? fmt::format(" (seed {})", options.seed) : "");
  fmt::print(stderr, "counterpart: {} of {} documented responses exercised, {}\n", summary.exercised,
             summary.documented, counted(summary.undocumented, "undocumented answer"));
  for (const std::string& sentence : summary.unfinished) fmt::print(stderr, "counterpart: {}\n", sentence);
}

bool fails_on(const ExecOptions& options, const char* what) {
  return std::find(options.fail_on.begin(), options.fail_on.end(), what) != options.fail_on.end();
}

void print_listed(const mock::JournalEntry& entry, const std::string& where) {
  if (entry.undocumented) {
    fmt::print(stderr, "  undocumented  {} {}{}: {} {}\n", entry.method, entry.target, where, entry.status,
               entry.response.empty() ? "overridden" : entry.response);
    return;
  }
  const std::string status = entry.differences.empty() ? fmt::format(": {}", entry.status) : "";
  fmt::print(stderr, "  {}  {} {}{}{}\n", entry.violation ? "violation" : "unmatched", entry.method, entry.target,
             where, status);
  for (const std::string_view difference : entry.differences) {
    fmt::print(stderr, "             {}: {}\n", entry.nearest, difference);
  }
}

/// The first requests that no operation is for, that a strict scenario did not await and, where that fails the run, that
/// were answered as the document does not say. Of every space.
void print_requests(const MockSites& sites, const std::string& own, const Summary& summary,
                    const ExecOptions& options) {
  const bool with_undocumented = fails_on(options, "undocumented");
  const uint64_t all = summary.unmatched + summary.violations + (with_undocumented ? summary.undocumented : 0);
  if (all == 0) return;
  constexpr size_t shown_max = 5;
  size_t shown = 0;
  uint64_t dropped = 0;
  for (const auto& site : sites.sites()) {
    std::vector<std::string> names = site->spaces->names();
    names.insert(names.begin(), "");
    for (const std::string& name : names) {
      site->spaces->use(name)->with_journal([&](mock::Journal& journal) {
        dropped += journal.dropped();
        for (size_t i = 0; i < journal.size() && shown < shown_max; ++i) {
          const mock::JournalEntry entry = journal.at(i);
          const bool is_listed = entry.unmatched || entry.violation || (with_undocumented && entry.undocumented);
          if (!is_listed) continue;
          ++shown;
          print_listed(entry, in_space(name, own));
        }
      });
    }
  }
  if (shown >= all || shown + dropped == 0) return;  // a journal that a test emptied is its own affair
  const uint64_t rest = all - shown;
  fmt::print(stderr, "  {}\n",
             shown > 0 ? fmt::format("and {} more", rest) : fmt::format("{} in no journal now", rest));
}

bool is_bad(const Summary& summary, const ExecOptions& options) {
  const bool strict_failed = options.mock.strict && (summary.violations > 0 || !summary.unfinished.empty());
  return strict_failed || (fails_on(options, "violation") && summary.violations > 0) ||
         (fails_on(options, "unmatched") && summary.unmatched > 0) ||
         (fails_on(options, "undocumented") && summary.undocumented > 0);
}

}  // namespace

int run_exec(const ExecOptions& options) {
  MockSites sites(options.mock, {});
  if (const int failed = sites.load(); failed != exit_ok) return failed;
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t signals = block_signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD});
  if (const int failed = sites.listen(); failed != exit_ok) return failed;
  if (const int failed = sites.start(); failed != exit_ok) return failed;
  if (!sites.admin_off().empty()) fmt::print(stderr, "counterpart: {}\n", sites.admin_off());

  const std::string space = options.isolate ? fmt::format("exec-{}", ::getpid()) : "";
  const pid_t child = start(options.command, environment_of(sites, space), signals);
  if (child < 0) return complain(fmt::format("cannot start a process: {}", std::strerror(errno)), exit_environment);
  const int code = wait_for(child, signals);
  const Summary summary = summarize(sites, space);
  sites.stop();
  print(summary, options.mock);
  print_requests(sites, space, summary, options);
  if (code != 0) return code;
  return is_bad(summary, options) ? exit_findings : exit_ok;
}

}  // namespace counterpart::cli

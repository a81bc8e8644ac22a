#include "fuzz/client/verdict.h"

#include <fmt/format.h>
#include <re2/re2.h>
#include <signal.h>

#include <algorithm>
#include <cstring>

namespace counterpart::fuzz::client {

namespace {

constexpr int shell_signal_base = 128;
constexpr int64_t pattern_bytes_max = 8 << 20;

/// What a shell, or node, makes of a command that was ended by one of these.
bool is_crash_of_a_child(int exit_code) {
  for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    if (exit_code == shell_signal_base + number) return true;
  }
  return false;
}

std::string signal_name(int number) {
#ifdef __GLIBC__
  if (const char* name = ::sigabbrev_np(number)) return fmt::format("SIG{}", name);
#endif
  return fmt::format("signal {}", number);
}

/// "    at f (file.js:3)", "Node.js v18.1.0", "note: run with `RUST_BACKTRACE=1`...", "": what every failure of a language
/// ends with.
bool is_common(std::string_view line) {
  const size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return true;
  return line.starts_with("Node.js v") || line.starts_with("note: run with `RUST_BACKTRACE") ||
         (first > 0 && line.substr(first).starts_with("at "));
}

/// "SUMMARY: AddressSanitizer: heap-use-after-free client.cpp:12 in main", behind which come tables and "ABORTING"; "":
/// no sanitizer's report.
std::string_view sanitizer_summary(std::string_view text) {
  const size_t found = text.rfind("SUMMARY: ");
  if (found == std::string_view::npos || (found > 0 && text[found - 1] != '\n')) return {};
  const std::string_view line = text.substr(found, text.find_first_of("\r\n", found) - found);
  return line.find("Sanitizer: ") == std::string_view::npos ? std::string_view() : line;
}

std::string without_numbers(std::string_view line) {
  constexpr size_t bytes_max = 300;
  std::string kept;
  for (size_t i = 0; i < line.size() && kept.size() < bytes_max; ++i) {
    if (line.substr(i).starts_with("0x")) {
      const size_t end = line.find_first_not_of("0123456789abcdefABCDEF", i + 2);
      i = std::min(end, line.size()) - 1;
    } else if (line[i] < '0' || line[i] > '9') {
      kept += line[i];
    }
  }
  return kept;
}

}  // namespace

std::string last_line(std::string_view text) {
  if (const std::string_view summary = sanitizer_summary(text); !summary.empty()) return without_numbers(summary);
  while (!text.empty()) {
    const size_t feed = text.find_last_of("\r\n");
    const std::string_view line = feed == std::string_view::npos ? text : text.substr(feed + 1);
    if (!is_common(line)) return without_numbers(line);
    text = feed == std::string_view::npos ? std::string_view() : text.substr(0, feed);
  }
  return {};
}

std::string Failure::text() const {
  switch (kind) {
    case Kind::crash:
      return "crash: " + signal_name(number);
    case Kind::hang:
      return "hang";
    case Kind::output:
      return "output: " + pattern;
    case Kind::exit_code:
      break;
  }
  return fmt::format("exit code {}", number);
}

bool Failure::is_alike(const Failure& other) const {
  return kind == other.kind && number == other.number && pattern == other.pattern;
}

Verdict::Verdict(std::vector<int> exit_codes, const std::vector<std::string>& patterns, std::string& error)
    : exit_codes_(std::move(exit_codes)) {
  for (const std::string& pattern : patterns) {
    if (pattern.empty()) {
      error = "--fail-on-output: an empty pattern is found in every output";
      return;
    }
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(pattern_bytes_max);
    options.set_encoding(RE2::Options::EncodingLatin1);  // output is any bytes
    patterns_.push_back(std::make_unique<RE2>(pattern, options));
    if (!patterns_.back()->ok()) {
      error = fmt::format("\"{}\" is no regular expression: {}", pattern, patterns_.back()->error());
      return;
    }
  }
}

Verdict::~Verdict() = default;

bool Verdict::is_expected(int exit_code) const {
  return std::find(exit_codes_.begin(), exit_codes_.end(), exit_code) != exit_codes_.end();
}

bool Verdict::is_good(int exit_code) const { return exit_codes_.empty() ? exit_code == 0 : is_expected(exit_code); }

std::optional<Failure> Verdict::judge(const Ended& ended) const {
  if (ended.timed_out) return Failure{Failure::Kind::hang, 0, "", ""};
  if (ended.signal != 0) return Failure{Failure::Kind::crash, ended.signal, "", last_line(ended.err)};
  if (is_crash_of_a_child(ended.exit_code) && !is_expected(ended.exit_code)) {
    return Failure{Failure::Kind::crash, ended.exit_code - shell_signal_base, "", last_line(ended.err)};
  }
  for (const auto& pattern : patterns_) {
    if (RE2::PartialMatch(ended.out, *pattern) || RE2::PartialMatch(ended.err, *pattern)) {
      return Failure{Failure::Kind::output, 0, pattern->pattern(), last_line(ended.err)};
    }
  }
  if (exit_codes_.empty() || is_expected(ended.exit_code)) return std::nullopt;
  return Failure{Failure::Kind::exit_code, ended.exit_code, "", last_line(ended.err)};
}

}  // namespace counterpart::fuzz::client

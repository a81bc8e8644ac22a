#pragma once
/// Whether a run of a command is a finding, and which runs show the same one.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/client/commands.h"

namespace re2 {
class RE2;
}

namespace counterpart::fuzz::client {

struct Failure {
  enum class Kind { crash, hang, output, exit_code };
  Kind kind = Kind::crash;
  int number = 0;         ///< the signal, or the exit code
  std::string pattern;    ///< that the output has
  std::string last_line;  ///< of stderr, as last_line() gives it; "" of a hang, which ends anywhere

  /// "crash: SIGSEGV", "hang", "output: panicked at", "exit code 1".
  std::string text() const;
  bool operator==(const Failure&) const = default;
  /// But for what stderr says, which some commands never say twice.
  bool is_alike(const Failure& other) const;
};

/// What counts as a finding. Signals and hangs do always.
class Verdict {
 public:
  /// `exit_codes`: none for any. A pattern that is empty or none of RE2's: `error` is a sentence.
  Verdict(std::vector<int> exit_codes, const std::vector<std::string>& patterns, std::string& error);
  ~Verdict();

  std::optional<Failure> judge(const Ended& ended) const;
  /// Whether a clean run may end with it: an expected one, or 0 where none are named.
  bool is_good(int exit_code) const;

 private:
  bool is_expected(int exit_code) const;

  const std::vector<int> exit_codes_;
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
};

/// The last line of a text that tells causes apart, a sanitizer's summary before any other: without digits, addresses and
/// what looks like a stack frame.
std::string last_line(std::string_view text);

}  // namespace counterpart::fuzz::client

#pragma once
/// Text from servers made fit to be shown: no control bytes, no broken UTF-8, bounded. What every report but the
/// lossless ones (JSON, HAR) writes goes through here. Also the few phrases that several reports share.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// Of one body, or one side of a comparison, in a report for people.
inline constexpr size_t shown_bytes_max = 4096;

/// One line. Controls, line ends, bidirectional overrides and ill-formed bytes become visible escapes: `\n`, `\x1B`,
/// `\u202E`. At most `characters_max` characters, the last then an ellipsis.
std::string one_line(std::string_view text, size_t characters_max = 1000);

/// The same with line feeds and tabs kept, the carriage return before a line feed left out, and no bound.
std::string many_lines(std::string_view text);

/// A body for people: at most `shown_bytes_max` bytes through many_lines, then a line that says how many were left out;
/// of what is no text, its size and first bytes in hex.
std::string shown_body(std::string_view body);

/// Valid UTF-8 as it is; else every byte as the character of that number, as browsers read header fields.
std::string utf8_or_latin1(std::string_view text);

/// "1 case", "2 cases".
std::string counted(size_t count, std::string_view noun);

/// "0.08 s", "12.3 s": seconds with what matters of them.
std::string seconds(int64_t microseconds);
/// "0.4 ms", "12 ms", "1.5 s".
std::string duration(int64_t microseconds);

/// "contract.yaml:12:5"; without what is not known.
std::string text_of(const Place& place);

/// "DELETE /path", cut where it is very long.
std::string request_line(const Exchange& exchange);
/// "404 Not Found, 0.8 ms" or why there is no answer.
std::string reply_line(const Reply& reply);

/// The coverage as a whole percentage, never rounded up: 100 means all.
int whole_percent(const Report& report);

size_t exchange_count(const Report& report);

/// How many exchanges state-agrees could judge, and how many of generated sequences; of `generated_sent` that were sent.
struct Foretold {
  size_t all = 0;
  size_t generated = 0;
  size_t generated_sent = 0;
};
Foretold foretold_of(const Report& report);
/// "state-agrees judged 80 of 219 exchanges, 31 of 75 generated ones"
std::string foretold_line(const Report& report);

/// "12 cases: 9 passed, 1 failed, ... · seed 7 · 0.08 s"
std::string closing_line(const Report& report);

}  // namespace counterpart::conformance::reports

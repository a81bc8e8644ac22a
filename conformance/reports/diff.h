#pragma once
/// What differs between two JSON values, line by line: members are matched by name, elements of arrays are aligned,
/// long runs without a difference are cut. Bounded, however large the values are.

#include <cstddef>
#include <string>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

struct DiffLine {
  enum class Kind {
    same,
    removed,  ///< expected, and not there
    added,    ///< there, and not expected
    left_out  ///< tells how many lines are not shown
  };
  Kind kind = Kind::same;
  size_t depth = 0;
  std::string text;  ///< one line, fit to be shown, without indentation

  bool operator==(const DiffLine&) const = default;
};

inline constexpr size_t diff_lines_max = 200;
/// Arrays are aligned where the product of their lengths, without what they begin and end with alike, is at most this.
/// Others are compared place by place.
inline constexpr size_t diff_cells_max = 250'000;

/// Numbers are compared by value, and the order of members does not matter. No lines that are removed or added: the
/// values are equal.
std::vector<DiffLine> diff(const Json& expected, const Json& actual);

/// "- " and "+ " before what differs; red and green on a terminal. Every line ends in a newline and begins with
/// `indent`.
std::string terminal_text(const std::vector<DiffLine>& lines, bool colour, const std::string& indent = {});

/// Spans of the classes "same", "removed", "added" and "left-out", for a <pre>.
std::string html_text(const std::vector<DiffLine>& lines);

}  // namespace counterpart::conformance::reports

#pragma once
/// The kinds of report that `--report` names, and where they go. What the command line knows of this folder, besides
/// the terminal (terminal.h).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

enum class Format { json, junit, html, har, sarif, github };

/// "json", as `--report` has it.
std::string_view name_of(Format format);

std::string write(Format format, const Report& report);

/// Where a report goes.
struct Destination {
  Format format = Format::json;
  std::string file;  ///< "" for github: standard output
};

/// Reads `junit=FILE`, `json=FILE`, `html=FILE`, `har=FILE`, `sarif=FILE` and `github`. nullopt, and one sentence in
/// `problem`, when one is wrong, or two go to one file.
std::optional<std::vector<Destination>> parse_destinations(const std::vector<std::string>& texts, std::string& problem);

}  // namespace counterpart::conformance::reports

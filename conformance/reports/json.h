#pragma once
/// A Report as JSON text and back, with nothing lost but ill-formed UTF-8 inside of JSON bodies, which becomes U+FFFD.
/// So that other programs can read reports, and that reports of shards can be merged.
///
/// Texts are JSON strings; one that is no UTF-8 is `{"base64": "..."}`.

#include <optional>
#include <string>
#include <string_view>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// What is written under "counterpart-report"; the reader takes no other.
inline constexpr int json_version = 1;
/// A JSON body deeper than this is written as text: a reader's own limit on depth counts the report around it too.
inline constexpr size_t body_depth_max = 128;
inline constexpr size_t json_bytes_max = 512u << 20;

std::string write_json(const Report& report);

/// nullopt, and one sentence in `problem`, for anything that write_json would not have written: other keys, numbers out
/// of range, indices of findings that are not there.
std::optional<Report> read_json(std::string_view text, std::string& problem);

}  // namespace counterpart::conformance::reports

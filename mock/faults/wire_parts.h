#pragma once
/// What several faults are made of: places in an answer as `at` and `from` name them, edits of its header fields, and
/// the steps of a transmission. Used by the faults of this folder alone.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

/// What an offset is counted from.
enum class From {
  body,   ///< the body's first byte
  start,  ///< the status line's first byte
};

/// `from`; the body by default.
From load_from(contract::Fields& settings);

/// A place in an answer: bytes, or percent of what there is from `From` on.
struct Offset {
  static constexpr uint64_t units_per_percent = 1'000'000;

  bool is_percent = false;
  uint64_t amount = 0;  ///< bytes, or millionths of a percent

  /// Counted in bytes of head and body together; a place past the end is the end.
  size_t in(const Wire& wire, From from) const;
};

/// "120" or "40%". A wrong value is an error, and that or nullptr is 0.
Offset load_offset(const document::Node* node, const contract::Reading& reading);

struct Range {
  int64_t min;
  int64_t max;
};

/// A wrong value is an error with `hint`; that or nullptr gives nullopt.
std::optional<int64_t> load_integer(const document::Node* node, Range range, std::string hint,
                                    const contract::Reading& reading);

/// A line of a head, in bytes from its start.
struct FieldLine {
  size_t start;
  size_t value_start;  ///< without the blanks around it
  size_t value_end;
  size_t end;  ///< behind its CRLF
};

/// The first field of that name at or behind `behind`, a line's start. Letter case does not matter.
std::optional<FieldLine> find_field(std::string_view head, std::string_view name, size_t behind = 0);

/// Adds it as the last field.
void add_field(std::string& head, std::string_view name, std::string_view value);
void remove_fields(std::string& head, std::string_view name);
/// The first field of that name gets the value, and others of that name go; added where there is none.
void set_field(std::string& head, std::string_view name, std::string_view value);

/// Head and body, with no steps yet.
Transmission joined(Wire wire);
/// Head and body at once; the connection goes on.
Transmission sent(Wire wire);
/// Adds a step that sends what is unsent of the first `until` bytes; none when nothing is.
void send(Transmission& to, size_t until);
void wait(Transmission& to, std::chrono::milliseconds time);
void close(Transmission& to);

}  // namespace counterpart::mock::faults

#pragma once
/// UTF-8 as RFC 3629 and Unicode (table 3-7) define it: no overlong forms, no surrogates, nothing past U+10FFFF.
/// Used wherever text from outside is checked, counted or repaired.

#include <cstddef>
#include <string_view>

namespace counterpart::document {

/// One step through text: how many bytes to take, and whether they are a well-formed character. An ill-formed step
/// covers the longest beginning of a character that is there (Unicode, 3.9: "maximal subpart"), at least one byte,
/// so that one step is one U+FFFD.
struct Utf8Step {
  size_t bytes;
  bool valid;
};

/// The step at `at`, which must be inside `text`.
Utf8Step utf8_step(std::string_view text, size_t at);

/// How many characters `text` has; an ill-formed step counts as one.
size_t utf8_count(std::string_view text);

/// The offset of the first ill-formed step, or npos.
size_t utf8_find_invalid(std::string_view text);

}  // namespace counterpart::document

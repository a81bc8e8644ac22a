#pragma once
/// Texts as values of a YAML file that this program writes. Used by known_failures.cpp.

#include <string>

namespace counterpart::conformance {

/// Text as a file can hold it: what is no UTF-8, and NUL, is replaced by U+FFFD.
std::string yaml_clean(const std::string& text);

/// A clean text as a value that any loader here reads back: plain where it is a simple word, else quoted, with `${`
/// as `$${`.
std::string yaml_text(std::string text);

}  // namespace counterpart::conformance

#pragma once
/// What the tests of this folder share: faults from YAML text, and answers written on one line.

#include <memory>
#include <string>
#include <string_view>

#include "engine/document/yaml.h"
#include "mock/faults/fault.h"

namespace counterpart::mock::faults {

inline std::shared_ptr<const Fault> load_text(const std::string& yaml, document::Diagnostics& diagnostics) {
  const auto source = std::make_shared<const document::Source>(document::Source{"x.yaml", yaml});
  const auto node = document::parse_yaml(source, diagnostics);
  return node ? load(*node, {source, diagnostics}) : nullptr;
}

/// CRLF as |, so that an answer fits a line of a table.
inline std::string on_one_line(std::string_view bytes) {
  std::string text(bytes);
  for (size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;) text.replace(at, 2, "|");
  return text;
}

/// | as CRLF.
inline std::string on_many_lines(std::string_view text) {
  std::string bytes;
  for (const char c : text) {
    if (c == '|') bytes += '\r';
    bytes += c == '|' ? '\n' : c;
  }
  return bytes;
}

}  // namespace counterpart::mock::faults

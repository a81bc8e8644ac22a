#include "conformance/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/document/json.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance {
namespace {

bool is_plain(std::string_view text) {
  const auto letter = [](char byte) { return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'); };
  if (text.empty() || !letter(text[0]) || text == "true" || text == "false" || text == "null") return false;
  return std::all_of(text.begin(), text.end(), [&](char byte) {
    return letter(byte) || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == '/' || byte == '.';
  });
}

}  // namespace

std::string yaml_clean(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const auto [bytes, valid] = document::utf8_step(text, at);
    out += valid && text[at] != '\0' ? text.substr(at, bytes) : "\uFFFD";
    at += bytes;
  }
  return out;
}

/// JSON's quotes are YAML's too, but for characters that YAML wants escaped and JSON does not.
std::string yaml_text(std::string text) {
  if (is_plain(text)) return text;
  for (size_t at = 0; (at = text.find("${", at)) != std::string::npos; at += 3) text.insert(at, "$");
  std::string json;
  document::append_json_string(json, text);
  std::string out;
  for (size_t at = 0; at < json.size();) {
    const size_t bytes = document::utf8_step(json, at).bytes;
    const std::string_view one = std::string_view(json).substr(at, bytes);
    const bool c1 = bytes == 2 && one[0] == '\xc2' && static_cast<unsigned char>(one[1]) < 0xa0;
    if (one == "\x7f") {
      out += "\\x7f";
    } else if (c1) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(one[1]));
    } else if (one == "\u2028" || one == "\u2029") {
      out += one == "\u2028" ? "\\u2028" : "\\u2029";
    } else if (one == "\uFEFF" || one == "\uFFFE" || one == "\uFFFF") {
      out += one == "\uFEFF" ? "\\ufeff" : "\\ufffd";
    } else {
      out += one;
    }
    at += bytes;
  }
  return out;
}

}  // namespace counterpart::conformance

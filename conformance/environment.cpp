#include "conformance/environment.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace counterpart::conformance {

using document::Kind;
using document::Node;

namespace {

constexpr std::string_view prefix = "env.";

bool is_variable(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  for (const char byte : name) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
    if (!letter && !(byte >= '0' && byte <= '9')) return false;
  }
  return true;
}

/// One text being rewritten.
class Text {
 public:
  Text(const Node& node, Reader reader, const contract::Reading& reading)
      : node_(node), reader_(reader), reading_(reading) {}

  std::string replaced() {
    const std::string_view text = node_.text;
    std::string out;
    size_t at = 0;
    for (;;) {
      const size_t dollar = text.find('$', at);
      out += text.substr(at, dollar - at);
      if (dollar == std::string_view::npos) return out;
      if (text.substr(dollar, 3) == "$${") {
        out += reader_ == Reader::hook ? "$${" : "${";
        at = dollar + 3;
      } else if (text.substr(dollar, 2) == "${") {
        at = take(dollar, out);
      } else {
        out += '$';
        at = dollar + 1;
      }
    }
  }

 private:
  /// Takes the `${` at the offset; returns where to go on.
  size_t take(size_t offset, std::string& out) {
    const std::string_view rest = std::string_view(node_.text).substr(offset);
    const size_t close = rest.find('}');
    const bool closed = close != std::string_view::npos;
    const std::string_view name = rest.substr(2, closed ? close - 2 : std::string_view::npos);
    const bool is_ours = name.starts_with(prefix);
    if (reader_ == Reader::command && !is_ours) {
      out += "${";
      return offset + 2;
    }
    if (!closed) {
      error(offset, "a ${ that no } closes", "write $${ for the characters themselves", 2);
      return node_.text.size();
    }
    if (is_ours) {
      out += value(offset, std::string(name.substr(prefix.size())));
    } else if (reader_ == Reader::hook && (name == "ms" || name == "scenario")) {
      out += rest.substr(0, close + 1);
    } else {
      error(offset, fmt::format("\"{}\" is not known here", name),
            reader_ == Reader::hook ? "expected ${env.NAME}, ${scenario} or ${ms}; $${ for the characters themselves"
                                    : "expected ${env.NAME}; $${ for the characters themselves",
            close + 1);
    }
    return offset + close + 1;
  }

  std::string value(size_t offset, const std::string& name) {
    const size_t width = name.size() + prefix.size() + 3;
    if (!is_variable(name)) {
      error(offset, fmt::format("\"{}\" is no name of an environment variable", name), "for example ${env.API_KEY}",
            width);
      return {};
    }
    const char* found = std::getenv(name.c_str());
    if (found == nullptr) {
      error(offset, fmt::format("the environment variable {} is not set", name), {}, width);
      return {};
    }
    std::string text = found;
    if (reader_ != Reader::hook) return text;
    // What a variable holds is no placeholder, whatever it looks like.
    for (size_t at = 0; (at = text.find("${", at)) != std::string::npos; at += 3) text.insert(at, "$");
    return text;
  }

  void error(size_t offset, std::string message, std::string hint, size_t width) {
    document::Position at = node_.at;
    if (node_.block) {
      const std::string_view before = std::string_view(node_.text).substr(0, offset);
      at = {at.line + 1, 0};
      for (const char byte : before) at.line += byte == '\n' ? 1 : 0;
    } else {
      at.column += static_cast<int>(offset) + (node_.quoted ? 1 : 0);
    }
    reading_.error(at, std::move(message), std::move(hint), width);
  }

  const Node& node_;
  const Reader reader_;
  const contract::Reading& reading_;
};

}  // namespace

void replace_environment(Node& node, Reader reader, const contract::Reading& reading) {
  if (node.is(Kind::text)) node.text = Text(node, reader, reading).replaced();
  for (Node& item : node.items) replace_environment(item, reader, reading);
  for (document::Member& member : node.members) replace_environment(member.value, reader, reading);
}

}  // namespace counterpart::conformance

#include "engine/document/json.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "engine/document/key_index.h"
#include "engine/document/utf8.h"

namespace counterpart::document {

namespace {

/// How much of nlohmann_json's explanation is passed on: it quotes the text it last read, which may be megabytes.
constexpr size_t reason_bytes_max = 160;

/// nlohmann_json's reason without its own noise:
/// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing value - unexpected
/// ']'; expected ..." -> "unexpected ']'; expected ...".
std::string plain_reason(std::string_view what) {
  const auto drop_through = [&what](std::string_view mark, size_t within) {
    const size_t at = what.substr(0, within).find(mark);
    if (at != std::string_view::npos) what.remove_prefix(at + mark.size());
  };
  drop_through("] ", 64);
  if (what.starts_with("parse error at ")) drop_through(": ", 80);
  if (what.starts_with("syntax error while parsing ")) drop_through(" - ", 64);

  std::string reason;
  for (size_t at = 0; at < what.size();) {
    const Utf8Step step = utf8_step(what, at);
    if (reason.size() + step.bytes > reason_bytes_max) return reason + "...";
    reason += step.valid ? what.substr(at, step.bytes) : "\uFFFD";
    at += step.bytes;
  }
  return reason;
}

/// Builds the tree from nlohmann_json's parser events. Its own builder looks every key of an object up in a list, so
/// an object with a million keys costs hours; this one keeps a KeyIndex. And its objects copy their members, trees and
/// all, whenever they grow: members wait on a stack until it is known how many they are.
class Builder {
 public:
  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(Json::number_integer_t value) { return add(value); }
  bool number_unsigned(Json::number_unsigned_t value) { return add(value); }
  bool number_float(Json::number_float_t value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(size_t) { return open(Json::object()); }
  bool start_array(size_t) { return open(Json::array()); }
  bool end_array() { return close(); }

  bool end_object() {
    const auto first = members_.begin() + static_cast<std::ptrdiff_t>(levels_.back().first_member);
    auto& members = levels_.back().container.get_ref<Json::object_t&>();
    members.reserve(static_cast<size_t>(members_.end() - first));
    for (auto member = first; member != members_.end(); ++member) {
      members.emplace_back(std::move(member->first), std::move(member->second));
    }
    members_.erase(first, members_.end());
    return close();
  }

  bool key(std::string& name) {
    Level& level = levels_.back();
    const auto key_at = [&](size_t i) -> const std::string& { return members_[level.first_member + i].first; };
    const size_t size = members_.size() - level.first_member;
    const size_t position = level.keys.find_or_note(size, name, key_at);
    if (position == size) members_.emplace_back(std::move(name), nullptr);
    level.member = level.first_member + position;
    return true;
  }

  bool parse_error(size_t byte, const std::string&, const Json::exception& reason) {
    error_ = "at byte " + std::to_string(byte) + ": " + plain_reason(reason.what());
    return false;
  }

  Json take() { return std::move(root_); }
  const std::string& error() const { return error_; }

 private:
  /// A container that is not closed yet.
  struct Level {
    Json container;
    size_t first_member;  ///< of an object: into members_
    size_t member = 0;    ///< of an object: that of the key just read
    KeyIndex keys;
  };

  template <class Value>
  bool add(Value&& value) {
    place(Json(std::forward<Value>(value)));
    return true;
  }

  /// Puts a whole value where the next one belongs.
  void place(Json&& value) {
    if (levels_.empty()) {
      root_ = std::move(value);
    } else if (Level& level = levels_.back(); level.container.is_object()) {
      members_[level.member].second = std::move(value);
    } else {
      level.container.get_ref<Json::array_t&>().push_back(std::move(value));
    }
  }

  bool open(Json&& container) {
    if (levels_.size() == json_depth_max) {
      error_ = "nested deeper than " + std::to_string(json_depth_max) + " levels";
      return false;
    }
    levels_.push_back({std::move(container), members_.size(), 0, {}});
    return true;
  }

  bool close() {
    Json whole = std::move(levels_.back().container);
    levels_.pop_back();
    place(std::move(whole));
    return true;
  }

  Json root_;
  std::vector<Level> levels_;
  std::vector<std::pair<std::string, Json>> members_;  ///< of all open objects, the innermost one's last
  std::string error_;
};

/// Bytes that stand for themselves in a JSON string: ASCII but controls, '"' and '\'.
constexpr std::array<bool, 256> plain_bytes = [] {
  std::array<bool, 256> plain{};
  for (size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\b':
      out += "\\b";
      break;
    case '\f':
      out += "\\f";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += {'\\', 'u', '0', '0', digits[static_cast<unsigned char>(c) >> 4], digits[c & 15]};
      break;
  }
}

}  // namespace

std::optional<Json> parse_json(std::string_view text, std::string* error) {
  Builder builder;
  const bool parsed = Json::sax_parse(text.begin(), text.end(), &builder);
  // To nlohmann_json a NUL behind a value is the end of the text, whatever stands behind it.
  const size_t nul = parsed ? text.find('\0') : std::string_view::npos;
  if (parsed && nul == std::string_view::npos) return builder.take();
  if (error)
    *error =
        parsed ? "at byte " + std::to_string(nul + 1) + ": unexpected NUL; expected end of input" : builder.error();
  return std::nullopt;
}

std::string write_json(const Json& value) { return value.dump(-1, ' ', false, Json::error_handler_t::replace); }

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    while (at < text.size() && plain_bytes[static_cast<unsigned char>(text[at])]) ++at;
    out += text.substr(begin, at - begin);
    if (at == text.size()) break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_escape(out, text[at]);
      ++at;
    } else {
      const Utf8Step step = utf8_step(text, at);
      out += step.valid ? text.substr(at, step.bytes) : "\uFFFD";
      at += step.bytes;
    }
  }
  out += '"';
}

}  // namespace counterpart::document

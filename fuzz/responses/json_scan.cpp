#include "fuzz/responses/json_scan.h"

#include <algorithm>
#include <set>

#include "engine/document/utf8.h"

namespace counterpart::fuzz {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  JsonScan run() {
    if (text_.size() < UINT32_MAX) scan_.well_formed = document();
    return std::move(scan_);
  }

 private:
  struct Level {
    bool is_map;
    uint32_t value;  ///< JsonValue::nobody past values_max
    uint32_t children = 0;
    std::set<std::string> keys;
  };

  bool document() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    if (document::utf8_find_invalid(text_) != std::string_view::npos) scan_utf8_ = false;
    skip_space();
    if (!value()) return false;
    while (!levels_.empty()) {
      if (!step()) return false;
    }
    skip_space();
    return at_ == text_.size() && scan_utf8_;
  }

  /// The next member, item or end of the innermost container.
  bool step() {
    Level& level = levels_.back();
    skip_space();
    const char end = level.is_map ? '}' : ']';
    if (peek() == end) {
      ++at_;
      close();
      return true;
    }
    if (level.children > 0) {
      if (peek() != ',') return false;
      ++at_;
      skip_space();
    }
    key_begin_ = key_end_ = 0;
    if (level.is_map && !key(level)) return false;
    return value();
  }

  bool key(Level& level) {
    const size_t begin = at_;
    if (!string()) return false;
    if (!level.keys.insert(text_of_token(text_.substr(begin, at_ - begin))).second) scan_.duplicate_keys = true;
    const size_t end = at_;
    skip_space();
    if (peek() != ':') return false;
    ++at_;
    skip_space();
    key_begin_ = static_cast<uint32_t>(begin);
    key_end_ = static_cast<uint32_t>(end);
    return true;
  }

  bool value() {
    JsonValue found;
    found.begin = static_cast<uint32_t>(at_);
    found.key_begin = key_begin_;
    found.key_end = key_end_;
    if (!levels_.empty()) {
      found.parent = levels_.back().value;
      found.index = levels_.back().children++;
      if (found.parent != JsonValue::nobody) ++scan_.values[found.parent].children;
    }
    const char c = peek();
    if (c == '{' || c == '[') {
      found.kind = c == '{' ? JsonValue::Kind::map : JsonValue::Kind::list;
      ++at_;
      levels_.push_back({c == '{', note(found), 0, {}});
      scan_.depth = std::max(scan_.depth, static_cast<uint32_t>(levels_.size()));
      return true;
    }
    if (!scalar(found.kind)) return false;
    found.end = static_cast<uint32_t>(at_);
    note(found);
    return true;
  }

  bool scalar(JsonValue::Kind& kind) {
    switch (peek()) {
      case '"':
        kind = JsonValue::Kind::text;
        return string();
      case 't':
        kind = JsonValue::Kind::boolean;
        return word("true");
      case 'f':
        kind = JsonValue::Kind::boolean;
        return word("false");
      case 'n':
        kind = JsonValue::Kind::null;
        return word("null");
      default:
        kind = JsonValue::Kind::number;
        return number();
    }
  }

  uint32_t note(const JsonValue& found) {
    if (scan_.values.size() >= JsonScan::values_max) return JsonValue::nobody;
    scan_.values.push_back(found);
    return static_cast<uint32_t>(scan_.values.size() - 1);
  }

  void close() {
    const uint32_t value = levels_.back().value;
    levels_.pop_back();
    if (value != JsonValue::nobody) scan_.values[value].end = static_cast<uint32_t>(at_);
  }

  bool word(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }

  bool number() {
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!digits()) {
      return false;
    }
    if (peek() == '.') {
      ++at_;
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return false;
    }
    return true;
  }

  bool digits() {
    const size_t begin = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > begin;
  }

  bool string() {
    if (peek() != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  /// Leaves at_ at the escape's last byte.
  bool escape() {
    ++at_;
    if (peek() == 'u') {
      const std::string_view digits = text_.substr(at_ + 1, 4);
      if (digits.size() < 4 || !std::all_of(digits.begin(), digits.end(), is_hex_digit)) return false;
      at_ += 4;
      return true;
    }
    return at_ < text_.size() && std::string_view("\"\\/bfnrt").find(text_[at_]) != std::string_view::npos;
  }

  void skip_space() {
    boundary();
    const size_t begin = at_;
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    if (at_ > begin) boundary();
  }

  void boundary() {
    if (scan_.boundaries.size() < JsonScan::values_max) scan_.boundaries.push_back(static_cast<uint32_t>(at_));
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  const std::string_view text_;
  size_t at_ = 0;
  uint32_t key_begin_ = 0, key_end_ = 0;
  bool scan_utf8_ = true;
  std::vector<Level> levels_;
  JsonScan scan_;
};

}  // namespace

JsonScan scan_json(std::string_view text) { return Scanner(text).run(); }

std::vector<uint32_t> JsonScan::children_of(uint32_t value) const {
  std::vector<uint32_t> children;
  for (uint32_t i = value + 1; i < values.size() && children.size() < values[value].children; ++i) {
    if (values[i].parent == value) children.push_back(i);
  }
  return children;
}

}  // namespace counterpart::fuzz

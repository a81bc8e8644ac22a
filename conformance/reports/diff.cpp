#include "conformance/reports/diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/reports/align.h"
#include "conformance/reports/html_text.h"
#include "conformance/reports/text.h"
#include "engine/document/json.h"
#include "engine/schema/value.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t text_characters_max = 160;
constexpr size_t inline_bytes_max = 60;  ///< a container that is this short stands on one line
constexpr size_t context = 2;            ///< lines shown on either side of a run that is cut
constexpr size_t cut_from = 2 * context + 2;
constexpr size_t depth_max = 32;  ///< below, values are not taken apart: each level costs a comparison of the whole

using Kind = DiffLine::Kind;

/// Collects the lines. Of a run of equal ones only the ends are kept.
class Lines {
 public:
  bool full() const { return lines_.size() >= diff_lines_max; }

  void add(Kind kind, size_t depth, std::string text) {
    end_run();
    if (!full()) lines_.push_back({kind, depth, std::move(text)});
  }

  /// An equal value that stands for `size` lines; what is cut is counted by it.
  void same(size_t depth, std::string text, size_t size) {
    run_.push_back({{Kind::same, depth, std::move(text)}, size});
    if (run_.size() <= cut_from) return;
    const auto middle = run_.begin() + context;
    cut_ += middle->size;
    run_.erase(middle);
  }

  std::vector<DiffLine> take() {
    end_run();
    if (full()) lines_.push_back({Kind::left_out, 0, "… the rest is left out"});
    return std::move(lines_);
  }

 private:
  struct Same {
    DiffLine line;
    size_t size;
  };

  void end_run() {
    if (cut_ > 0) {
      while (run_.size() > 2 * context) {
        cut_ += run_[context].size;
        run_.erase(run_.begin() + context);
      }
    }
    for (size_t i = 0; i < run_.size() && !full(); ++i) {
      if (cut_ > 0 && i == context)
        lines_.push_back({Kind::left_out, run_[i].line.depth, fmt::format("… {} equal lines", cut_)});
      lines_.push_back(std::move(run_[i].line));
    }
    run_.clear();
    cut_ = 0;
  }

  std::vector<DiffLine> lines_;
  std::vector<Same> run_;
  size_t cut_ = 0;
};

/// How many lines the value would have, indented.
size_t line_count(const Json& value) {
  if (!value.is_structured() || value.empty()) return 1;
  size_t count = 2;
  for (const Json& element : value) count += line_count(element);
  return count;
}

/// Whether the value is small enough to be looked at as text: writing a large one only to cut it would cost its size.
bool is_small(const Json& value, size_t& room) {
  if (room == 0) return false;
  --room;
  if (value.is_string()) return value.get_ref<const std::string&>().size() < inline_bytes_max;
  return !value.is_structured() ||
         std::all_of(value.begin(), value.end(), [&](const Json& element) { return is_small(element, room); });
}

/// A string's part from `from` on, in quotes; what is left out on either side is an ellipsis.
std::string quoted_part(const std::string& text, size_t from) {
  std::string part = text.substr(from, 4 * text_characters_max);
  return (from > 0 ? "…" : "") + one_line(document::write_json(part), text_characters_max);
}

std::string scalar(const Json& value) {
  if (value.is_string()) return quoted_part(value.get_ref<const std::string&>(), 0);
  return one_line(document::write_json(value), text_characters_max);
}

using Name = const std::string&;  ///< `"name": ` or ""

class Comparison {
 public:
  void compare(const Json& expected, const Json& actual, Name name, size_t depth) {
    if (lines_.full()) return;
    if (schema::equal(expected, actual)) return same(expected, name, depth);
    if (expected.is_object() && actual.is_object() && depth < depth_max) return objects(expected, actual, name, depth);
    if (expected.is_array() && actual.is_array() && depth < depth_max) return arrays(expected, actual, name, depth);
    if (expected.is_string() && actual.is_string()) return strings(expected, actual, name, depth);
    whole(Kind::removed, expected, name, depth);
    whole(Kind::added, actual, name, depth);
  }

  std::vector<DiffLine> take() { return lines_.take(); }

 private:
  static std::string member_name(const std::string& key) {
    return one_line(document::write_json(key), text_characters_max) + ": ";
  }

  static std::optional<std::string> on_one_line(const Json& value) {
    if (!value.is_structured()) return scalar(value);
    size_t room = 12;
    if (!is_small(value, room)) return std::nullopt;
    std::string text = document::write_json(value);
    if (text.size() > inline_bytes_max) return std::nullopt;
    return one_line(text);
  }

  void same(const Json& value, Name name, size_t depth) {
    if (const auto text = on_one_line(value)) return lines_.same(depth, name + *text, line_count(value));
    const size_t count = line_count(value);
    const bool is_object = value.is_object();
    lines_.same(depth,
                fmt::format("{}{} … {} equal lines {}", name, is_object ? '{' : '[', count - 2, is_object ? '}' : ']'),
                count);
  }

  /// All of a value that only one side has.
  void whole(Kind kind, const Json& value, Name name, size_t depth) {
    if (lines_.full()) return;
    if (const auto text = on_one_line(value)) return lines_.add(kind, depth, name + *text);
    lines_.add(kind, depth, name + (value.is_object() ? "{" : "["));
    for (auto it = value.begin(); it != value.end() && !lines_.full(); ++it)
      whole(kind, *it, value.is_object() ? member_name(it.key()) : "", depth + 1);
    lines_.add(kind, depth, value.is_object() ? "}" : "]");
  }

  /// Long texts are shown from shortly before the place where they part.
  void strings(const Json& expected, const Json& actual, Name name, size_t depth) {
    const auto& a = expected.get_ref<const std::string&>();
    const auto& b = actual.get_ref<const std::string&>();
    const auto parted = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
    size_t from = static_cast<size_t>(parted - a.begin());
    from = from < text_characters_max / 2 ? 0 : from - 40;
    while (from > 0 && (static_cast<unsigned char>(a[from]) & 0xC0) == 0x80) --from;
    lines_.add(Kind::removed, depth, name + quoted_part(a, from));
    lines_.add(Kind::added, depth, name + quoted_part(b, from));
  }

  void objects(const Json& expected, const Json& actual, Name name, size_t depth) {
    std::map<std::string_view, const Json*> others;
    for (auto it = actual.begin(); it != actual.end(); ++it) others.emplace(it.key(), &*it);
    lines_.add(Kind::same, depth, name + "{");
    for (auto it = expected.begin(); it != expected.end() && !lines_.full(); ++it) {
      const auto other = others.find(it.key());
      if (other == others.end()) {
        whole(Kind::removed, *it, member_name(it.key()), depth + 1);
      } else {
        compare(*it, *other->second, member_name(it.key()), depth + 1);
        others.erase(other);
      }
    }
    for (auto it = actual.begin(); it != actual.end() && !lines_.full(); ++it) {
      if (others.count(it.key()) > 0) whole(Kind::added, *it, member_name(it.key()), depth + 1);
    }
    lines_.add(Kind::same, depth, "}");
  }

  void arrays(const Json& expected, const Json& actual, Name name, size_t depth) {
    lines_.add(Kind::same, depth, name + "[");
    for (const Pair& pair : align(expected, actual, diff_cells_max)) {
      if (lines_.full()) break;
      if (pair.expected == nullptr) {
        whole(Kind::added, *pair.actual, "", depth + 1);
      } else if (pair.actual == nullptr) {
        whole(Kind::removed, *pair.expected, "", depth + 1);
      } else {
        compare(*pair.expected, *pair.actual, "", depth + 1);
      }
    }
    lines_.add(Kind::same, depth, "]");
  }

  Lines lines_;
};

}  // namespace

std::vector<DiffLine> diff(const Json& expected, const Json& actual) {
  Comparison comparison;
  comparison.compare(expected, actual, "", 0);
  return comparison.take();
}

namespace {

std::string plain_line(const DiffLine& line) {
  const char* mark = line.kind == Kind::removed ? "- " : line.kind == Kind::added ? "+ " : "  ";
  return mark + std::string(2 * line.depth, ' ') + line.text;
}

}  // namespace

std::string terminal_text(const std::vector<DiffLine>& lines, bool colour, const std::string& indent) {
  std::string result;
  for (const DiffLine& line : lines) {
    const char* code = line.kind == Kind::removed ? "31" : line.kind == Kind::added ? "32" : "2";
    if (colour && line.kind != Kind::same) {
      result += fmt::format("{}\x1b[{}m{}\x1b[0m\n", indent, code, plain_line(line));
    } else {
      result += indent + plain_line(line) + "\n";
    }
  }
  return result;
}

std::string html_text(const std::vector<DiffLine>& lines) {
  std::string result;
  for (const DiffLine& line : lines) {
    const char* name = line.kind == Kind::removed ? "removed"
                       : line.kind == Kind::added ? "added"
                       : line.kind == Kind::same  ? "same"
                                                  : "left-out";
    result += fmt::format("<span class=\"{}\">{}\n</span>", name, escaped_html(plain_line(line)));
  }
  return result;
}

}  // namespace counterpart::conformance::reports

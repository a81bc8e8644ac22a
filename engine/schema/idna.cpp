// hostname (RFC 1123, 2.1) and idn-hostname (RFC 5890), with the rules for labels of IDNA 2008 (RFC 5891, 5892, 5893).
// A zero width non-joiner between letters that join is recognised in Arabic only, and whether a label is in NFC is not
// looked at.

#include <re2/re2.h>

#include <algorithm>

#include "engine/document/utf8.h"
#include "engine/schema/format_parts.h"
#include "engine/schema/idna_tables.h"
#include "engine/schema/punycode.h"

namespace counterpart::schema::formats {

namespace {

using Label = std::u32string;

constexpr size_t label_bytes_max = 63;
constexpr size_t name_bytes_max = 253;

bool is_in(char32_t c, std::span<const idna::Range> ranges) {
  const auto above = std::upper_bound(ranges.begin(), ranges.end(), c,
                                      [](char32_t value, const idna::Range& range) { return value < range.first; });
  return above != ranges.begin() && c <= std::prev(above)->last;
}

void append_utf8(std::string& text, char32_t c) {
  const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) {
    text += static_cast<char>(c);
  } else if (c < 0x800) {
    text += static_cast<char>(0xc0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    text += static_cast<char>(0xe0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xf0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

bool is_one(char32_t c, const re2::RE2& kind) {
  std::string text;
  append_utf8(text, c);
  return re2::RE2::FullMatch(text, kind);
}

std::optional<Label> from_utf8(std::string_view text) {
  Label label;
  for (size_t at = 0; at < text.size();) {
    const document::Utf8Step step = document::utf8_step(text, at);
    if (!step.valid) return std::nullopt;
    char32_t c = static_cast<unsigned char>(text[at]);
    if (step.bytes > 1) c &= 0x7fu >> step.bytes;
    for (size_t i = 1; i < step.bytes; ++i) c = c << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3f);
    label += c;
    at += step.bytes;
  }
  return label;
}

/// Letters, digits, hyphens: not at the ends.
bool is_ldh(std::string_view label) {
  return !label.empty() && label.size() <= label_bytes_max && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

/// PVALID, CONTEXTJ or CONTEXTO (RFC 5892, 3).
bool is_allowed(char32_t c) {
  static const re2::RE2 letters_and_digits(R"([\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}])");
  constexpr std::u32string_view exceptions =
      U"-\u00b7\u00df\u0375\u03c2\u05f3\u05f4\u06fd\u06fe\u0f0b\u200c\u200d"
      U"\u3007\u30fb";
  if (exceptions.find(c) != std::u32string_view::npos) return true;
  return is_one(c, letters_and_digits) && !is_in(c, idna::disallowed());
}

/// The letters before and after a zero width non-joiner would join without it (RFC 5892, A.1).
bool parts_letters(const Label& label, size_t at) {
  static const re2::RE2 transparent(R"(\p{Mn})");
  static const re2::RE2 arabic(R"([\p{Arabic}])");
  size_t before = at;
  while (before > 0 && is_one(label[before - 1], transparent)) --before;
  size_t after = at + 1;
  while (after < label.size() && is_one(label[after], transparent)) ++after;
  if (before == 0 || after == label.size()) return false;
  const char32_t hamza = 0x621;
  return is_one(label[before - 1], arabic) && !is_in(label[before - 1], idna::joins_not_on()) &&
         is_one(label[after], arabic) && label[after] != hamza;
}

/// The rules for single characters that depend on their neighbours (RFC 5892, appendix A).
bool is_well_placed(const Label& label, size_t at) {
  static const re2::RE2 greek(R"(\p{Greek})");
  static const re2::RE2 hebrew(R"(\p{Hebrew})");
  static const re2::RE2 japanese(R"([\p{Hiragana}\p{Katakana}\p{Han}])");
  const char32_t before = at > 0 ? label[at - 1] : 0;
  const char32_t after = at + 1 < label.size() ? label[at + 1] : 0;
  const auto has = [&](char32_t first, char32_t last) {
    return std::any_of(label.begin(), label.end(), [&](char32_t c) { return c >= first && c <= last; });
  };
  const char32_t c = label[at];
  if (c == 0x200c) return is_in(before, idna::viramas()) || parts_letters(label, at);
  if (c == 0x200d) return is_in(before, idna::viramas());
  if (c == 0xb7) return before == 'l' && after == 'l';
  if (c == 0x375) return after != 0 && is_one(after, greek);
  if (c == 0x5f3 || c == 0x5f4) return before != 0 && is_one(before, hebrew);
  if (c == 0x30fb)
    return std::any_of(label.begin(), label.end(), [](char32_t any) { return any != 0x30fb && is_one(any, japanese); });
  if (c >= 0x660 && c <= 0x669) return !has(0x6f0, 0x6f9);
  if (c >= 0x6f0 && c <= 0x6f9) return !has(0x660, 0x669);
  return true;
}

/// Classes of RFC 5893, 2, as far as host names need them.
enum class Bidi { left, right, arabic_number, european_number, neutral, mark };

Bidi bidi_of(char32_t c) {
  static const re2::RE2 marks(R"(\p{Mn})");
  if ((c >= '0' && c <= '9') || (c >= 0x6f0 && c <= 0x6f9)) return Bidi::european_number;
  if ((c >= 0x660 && c <= 0x669) || (c >= 0x10d30 && c <= 0x10d39)) return Bidi::arabic_number;
  if (is_in(c, idna::neutral()) || c == 0x200c || c == 0x200d) return Bidi::neutral;
  if (c >= 0x80 && is_one(c, marks)) return Bidi::mark;
  return is_in(c, idna::right_to_left()) ? Bidi::right : Bidi::left;
}

/// The rule for a label of a name that has letters from right to left.
bool keeps_direction(const Label& label) {
  std::vector<Bidi> kinds;
  for (const char32_t c : label) kinds.push_back(bidi_of(c));
  const auto has = [&](Bidi kind) { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); };
  const Bidi first = kinds.front();
  if (first != Bidi::left && first != Bidi::right) return false;
  while (kinds.back() == Bidi::mark) kinds.pop_back();
  const Bidi last = kinds.back();
  if (first == Bidi::left) {
    return !has(Bidi::right) && !has(Bidi::arabic_number) && (last == Bidi::left || last == Bidi::european_number);
  }
  return !has(Bidi::left) && !(has(Bidi::arabic_number) && has(Bidi::european_number)) && last != Bidi::neutral;
}

bool is_right_to_left(const Label& label) {
  return std::any_of(label.begin(), label.end(), [](char32_t c) {
    const Bidi kind = bidi_of(c);
    return kind == Bidi::right || kind == Bidi::arabic_number;
  });
}

/// A label in its own letters (RFC 5891, 4.2).
bool is_u_label(const Label& label) {
  static const re2::RE2 marks(R"(\p{M})");
  if (label.empty() || label.front() == '-' || label.back() == '-' || is_one(label.front(), marks)) return false;
  if (label.size() >= 4 && label[2] == '-' && label[3] == '-') return false;
  if (!std::all_of(label.begin(), label.end(), is_allowed)) return false;
  for (size_t i = 0; i < label.size(); ++i) {
    if (!is_well_placed(label, i)) return false;
  }
  const auto ascii = punycode_encode(label);
  return ascii && ascii->size() + 4 <= label_bytes_max;
}

/// What an ASCII label stands for; nullopt when it is no good one.
std::optional<Label> read_ascii(std::string_view written) {
  if (!is_ldh(written)) return std::nullopt;
  std::string text(written);
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (!text.starts_with("xn--")) return Label(text.begin(), text.end());
  const auto label = punycode_decode(std::string_view(text).substr(4));
  if (!label || std::all_of(label->begin(), label->end(), [](char32_t c) { return c < 0x80; })) return std::nullopt;
  const auto again = punycode_encode(*label);
  return again == text.substr(4) && is_u_label(*label) ? label : std::nullopt;
}

std::optional<Label> read_label(std::string_view written, bool is_international) {
  if (std::all_of(written.begin(), written.end(), is_ascii)) return read_ascii(written);
  if (!is_international) return std::nullopt;
  auto label = from_utf8(written);
  return label && is_u_label(*label) ? label : std::nullopt;
}

bool is_name(std::string_view text, bool is_international) {
  std::vector<Label> labels;
  size_t bytes = 0;
  while (true) {
    const size_t dot = text.find('.');
    auto label = read_label(text.substr(0, dot), is_international);
    if (!label) return false;
    bytes += label->size() + 1;
    labels.push_back(std::move(*label));
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  if (bytes - 1 > name_bytes_max) return false;
  return std::none_of(labels.begin(), labels.end(), is_right_to_left) ||
         std::all_of(labels.begin(), labels.end(), keeps_direction);
}

}  // namespace

bool is_hostname(std::string_view text) { return text.size() <= name_bytes_max && is_name(text, false); }

bool is_idn_hostname(std::string_view text) {
  constexpr size_t utf8_bytes_max = 4 * name_bytes_max;
  if (text.size() > utf8_bytes_max) return false;
  std::string dotted(text);
  for (const std::string_view dot : {"\u3002", "\uff0e", "\uff61"}) {
    for (size_t at; (at = dotted.find(dot)) != std::string::npos;) dotted.replace(at, dot.size(), ".");
  }
  return is_name(dotted, true);
}

}  // namespace counterpart::schema::formats

#include "conformance/reports/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {

namespace {

using document::utf8_step;
using document::Utf8Step;

uint32_t code_point(std::string_view character) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(character[i])); };
  switch (character.size()) {
    case 1:
      return byte(0);
    case 2:
      return (byte(0) & 0x1F) << 6 | (byte(1) & 0x3F);
    case 3:
      return (byte(0) & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    default:
      return (byte(0) & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  }
}

/// Characters that would move the cursor, end the line, hide or reorder text, or that XML cannot hold.
bool is_unsafe(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF ||
         (code & 0xFFFE) == 0xFFFE;
}

void append_bytes(std::string& out, std::string_view bytes) {
  for (const char byte : bytes) fmt::format_to(std::back_inserter(out), "\\x{:02X}", static_cast<unsigned char>(byte));
}

void append_shown(std::string& out, std::string_view character, bool valid) {
  if (!valid) return append_bytes(out, character);
  const uint32_t code = code_point(character);
  if (!is_unsafe(code)) {
    out += character;
  } else if (code == '\n') {
    out += "\\n";
  } else if (code == '\r') {
    out += "\\r";
  } else if (code == '\t') {
    out += "\\t";
  } else if (code < 0x100) {
    const char byte = static_cast<char>(code);
    append_bytes(out, {&byte, 1});
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04X}", code);
  }
}

/// More than one step in ten is none of readable text.
bool is_binary(std::string_view text) {
  size_t steps = 0, odd = 0;
  for (size_t at = 0; at < text.size(); ++steps) {
    const Utf8Step step = utf8_step(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool blank = byte == '\n' || byte == '\r' || byte == '\t';
    odd += !step.valid || (byte < 0x20 && !blank) ? 1 : 0;
    at += step.bytes;
  }
  return odd * 10 > steps;
}

/// The longest beginning of at most `bytes_max` bytes that ends between characters.
std::string_view beginning(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  size_t end = bytes_max;
  while (end > 0 && bytes_max - end < 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace

std::string one_line(std::string_view text, size_t characters_max) {
  std::string result;
  size_t characters = 0, kept = 0;  // kept: the longest beginning that leaves room for the ellipsis
  for (size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    const size_t before = result.size();
    append_shown(result, text.substr(at, step.bytes), step.valid);
    at += step.bytes;
    characters += document::utf8_count(std::string_view(result).substr(before));
    if (characters > characters_max) {
      result.resize(kept);
      return result + "…";
    }
    if (characters < characters_max) kept = result.size();
  }
  return result;
}

std::string many_lines(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    const Utf8Step step = utf8_step(text, at);
    const std::string_view character = text.substr(at, step.bytes);
    at += step.bytes;
    if (character == "\n" || character == "\t") {
      result += character;
    } else if (character != "\r" || at == text.size() || text[at] != '\n') {
      append_shown(result, character, step.valid);
    }
  }
  return result;
}

std::string shown_body(std::string_view body) {
  const std::string_view head = beginning(body, shown_bytes_max);
  if (is_binary(head)) {
    std::string result = fmt::format("({} that are no text)", counted(body.size(), "byte"));
    for (size_t i = 0; i < std::min<size_t>(body.size(), 48); ++i) {
      result += fmt::format("{}{:02X}", i % 16 == 0 ? "\n" : " ", static_cast<unsigned char>(body[i]));
    }
    return result;
  }
  std::string result = many_lines(head);
  if (head.size() < body.size())
    result += fmt::format("\n(… {} of {} bytes left out)", body.size() - head.size(), body.size());
  return result;
}

std::string utf8_or_latin1(std::string_view text) {
  if (document::utf8_find_invalid(text) == std::string_view::npos) return std::string(text);
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      result += c;
    } else {
      result += static_cast<char>(0xC0 | byte >> 6);
      result += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return result;
}

std::string counted(size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string seconds(int64_t microseconds) {
  const double value = static_cast<double>(microseconds) / 1e6;
  return fmt::format("{:.{}f} s", value, value < 10 ? 2 : 1);
}

std::string duration(int64_t microseconds) {
  const double ms = static_cast<double>(microseconds) / 1e3;
  if (ms < 9.95) return fmt::format("{:.1f} ms", ms);
  if (ms < 999.5) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.1f} s", ms / 1e3);
}

std::string text_of(const Place& place) {
  std::string result = one_line(place.file);
  if (place.line > 0) result += fmt::format("{}{}", result.empty() ? "line " : ":", place.line);
  if (place.line > 0 && place.column > 0) result += fmt::format(":{}", place.column);
  return result;
}

std::string request_line(const Exchange& exchange) {
  return one_line(exchange.request.method + " " + exchange.request.target, 400);
}

std::string reply_line(const Reply& reply) {
  const std::string times = reply.attempts > 1 ? fmt::format(", attempt {}", reply.attempts) : "";
  if (reply.kind == Reply::Kind::answered) {
    const std::string_view phrase = http::reason_phrase(reply.response.status);
    return fmt::format("{}{}{}, {}{}", reply.response.status, phrase.empty() ? "" : " ", phrase,
                       duration(reply.microseconds), times);
  }
  return (reply.error.empty() ? "no answer" : one_line(reply.error)) + times;
}

int whole_percent(const Report& report) { return static_cast<int>(report.coverage_percent() + 1e-9); }

size_t exchange_count(const Report& report) {
  size_t count = 0;
  for (const CaseResult& result : report.cases) count += result.exchanges;
  return count;
}

Foretold foretold_of(const Report& report) {
  Foretold foretold;
  for (const CaseResult& result : report.cases) {
    const bool is_generated = result.name.starts_with("generated/");
    foretold.all += result.foretold;
    if (!is_generated) continue;
    foretold.generated += result.foretold;
    foretold.generated_sent += result.exchanges;
  }
  return foretold;
}

std::string foretold_line(const Report& report) {
  const Foretold foretold = foretold_of(report);
  const std::string generated = foretold.generated_sent == 0
                                    ? ""
                                    : fmt::format(", {} of {} generated", foretold.generated, foretold.generated_sent);
  return fmt::format("state-agrees judged {} of {}{}", foretold.all, counted(exchange_count(report), "exchange"),
                     generated);
}

std::string closing_line(const Report& report) {
  std::array<size_t, 5> outcomes{};
  size_t retries = 0;
  for (const CaseResult& result : report.cases) {
    ++outcomes[static_cast<size_t>(result.outcome)];
    retries += result.retries;
  }
  return fmt::format(
      "{}: {} passed, {} failed, {} known, {} inconclusive, {} skipped · {}{} · coverage {} % · seed {} · {}",
      counted(report.cases.size(), "case"), outcomes[0], outcomes[1], outcomes[2], outcomes[3], outcomes[4],
      counted(exchange_count(report), "exchange"), retries == 0 ? "" : fmt::format(" ({} retried)", retries),
      whole_percent(report), report.seed, seconds(report.microseconds));
}

}  // namespace counterpart::conformance::reports

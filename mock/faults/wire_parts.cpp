#include "mock/faults/wire_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/http/message.h"

namespace counterpart::mock::faults {

using document::Kind;
using document::Node;

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view blanks = " \t";

/// "40%", "0.5%": in Offset's units.
std::optional<uint64_t> to_percent(std::string_view text) {
  if (text.empty() || text.front() < '0' || text.front() > '9' || text.back() != '%') return std::nullopt;
  double percent = 0;
  const char* const number_end = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data(), number_end, percent, std::chars_format::fixed);
  if (error != std::errc() || end != number_end || percent > 100) return std::nullopt;
  return static_cast<uint64_t>(std::llround(percent * static_cast<double>(Offset::units_per_percent)));
}

}  // namespace

From load_from(contract::Fields& settings) {
  return settings.choice("from", {"body", "start"}) == "start" ? From::start : From::body;
}

size_t Offset::in(const Wire& wire, From from) const {
  const size_t start = from == From::body ? wire.head.size() : 0;
  const uint64_t length = wire.head.size() + wire.body.size() - start;
  const uint64_t place = is_percent ? length * amount / (100 * units_per_percent) : amount;
  return start + static_cast<size_t>(std::min(place, length));
}

Offset load_offset(const Node* node, const contract::Reading& reading) {
  if (node == nullptr) return {};
  if (node->is(Kind::integer) && !node->negative) return {false, node->integer};
  if (node->is(Kind::text)) {
    if (const auto percent = to_percent(node->text)) return {true, *percent};
  }
  reading.error(node->at, "expected bytes from 0, or percent from 0% to 100%", "for example 120 or 40%",
                std::max<size_t>(node->text.size(), 1));
  return {};
}

std::optional<int64_t> load_integer(const Node* node, Range range, std::string hint, const contract::Reading& reading) {
  if (node == nullptr) return std::nullopt;
  const auto value = static_cast<int64_t>(node->integer);
  const bool fits_int64 = node->is(Kind::integer) && (node->negative == (value < 0));
  if (fits_int64 && value >= range.min && value <= range.max) return value;
  reading.error(node->at, fmt::format("expected an integer from {} to {}", range.min, range.max), std::move(hint),
                std::max<size_t>(node->text.size(), 1));
  return std::nullopt;
}

std::optional<FieldLine> find_field(std::string_view head, std::string_view name, size_t behind) {
  const size_t fields_start = head.find(line_end) + line_end.size();
  for (size_t start = std::max(behind, fields_start);;) {
    const size_t text_end = head.find(line_end, start);
    if (text_end == std::string_view::npos) return std::nullopt;
    const std::string_view line = head.substr(start, text_end - start);
    const size_t colon = line.find(':');
    if (colon != std::string_view::npos && http::equal_ignoring_case(line.substr(0, colon), name)) {
      const size_t first = std::min(line.find_first_not_of(blanks, colon + 1), line.size());
      const size_t last = std::max(line.find_last_not_of(blanks) + 1, first);
      return FieldLine{start, start + first, start + last, text_end + line_end.size()};
    }
    start = text_end + line_end.size();
  }
}

void add_field(std::string& head, std::string_view name, std::string_view value) {
  head.insert(head.size() - line_end.size(), fmt::format("{}: {}{}", name, value, line_end));
}

void remove_fields(std::string& head, std::string_view name) {
  while (const auto line = find_field(head, name)) head.erase(line->start, line->end - line->start);
}

void set_field(std::string& head, std::string_view name, std::string_view value) {
  const auto first = find_field(head, name);
  if (!first) return add_field(head, name, value);
  while (const auto other = find_field(head, name, first->end)) head.erase(other->start, other->end - other->start);
  head.replace(first->value_start, first->value_end - first->value_start, value);
}

Transmission joined(Wire wire) {
  Transmission to{std::move(wire.head), {}};
  to.bytes += wire.body;
  return to;
}

Transmission sent(Wire wire) {
  Transmission to = joined(std::move(wire));
  send(to, to.bytes.size());
  return to;
}

void send(Transmission& to, size_t until) {
  size_t sent_until = 0;
  for (const Step& step : to.steps) sent_until = std::max(sent_until, step.until);
  if (until > sent_until) to.steps.push_back({Step::Kind::send, until, 0, {}});
}

void wait(Transmission& to, std::chrono::milliseconds time) { to.steps.push_back({Step::Kind::wait, 0, 0, time}); }

void close(Transmission& to) { to.steps.push_back({Step::Kind::close, 0, 0, {}}); }

}  // namespace counterpart::mock::faults

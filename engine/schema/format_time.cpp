// date-time, date, time and duration (RFC 3339, 5.6, 5.7 and appendix A).

#include <array>

#include "engine/schema/format_parts.h"

namespace counterpart::schema::formats {

namespace {

int days_in(int year, int month) {
  constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[static_cast<size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
}

bool take_date(std::string_view& text) {
  const auto year = take_number(text, 4, 9999);
  if (!year || !take(text, "-")) return false;
  const auto month = take_number(text, 2, 12);
  if (!month || *month == 0 || !take(text, "-")) return false;
  const auto day = take_number(text, 2, 31);
  return day && *day >= 1 && *day <= days_in(*year, *month);
}

/// The offset from UTC in minutes.
std::optional<int> take_offset(std::string_view& text) {
  if (take(text, "Zz")) return 0;
  const bool is_behind = text.starts_with('-');
  if (!take(text, "+-")) return std::nullopt;
  const auto hours = take_number(text, 2, 23);
  if (!hours || !take(text, ":")) return std::nullopt;
  const auto minutes = take_number(text, 2, 59);
  if (!minutes) return std::nullopt;
  return (*hours * 60 + *minutes) * (is_behind ? -1 : 1);
}

/// Units in order, each after a number; any may begin, but what follows must be the next.
bool take_units(std::string_view& text, std::string_view units) {
  size_t next = units.size();
  bool is_first = true;
  while (!text.empty() && is_digit(text.front())) {
    take_digits(text);
    const size_t unit = text.empty() ? std::string_view::npos : units.find(text.front());
    if (unit == std::string_view::npos || (!is_first && unit != next)) return false;
    text.remove_prefix(1);
    next = unit + 1;
    is_first = false;
  }
  return !is_first;
}

}  // namespace

bool is_date(std::string_view text) { return take_date(text) && text.empty(); }

bool is_time(std::string_view text) {
  const auto hour = take_number(text, 2, 23);
  if (!hour || !take(text, ":")) return false;
  const auto minute = take_number(text, 2, 59);
  if (!minute || !take(text, ":")) return false;
  const auto second = take_number(text, 2, 60);
  if (!second) return false;
  if (take(text, ".") && take_digits(text) == 0) return false;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return false;
  // A leap second is the last of a day in UTC.
  constexpr int day = 24 * 60;
  return *second < 60 || (*hour * 60 + *minute - *offset + 2 * day) % day == day - 1;
}

bool is_date_time(std::string_view text) { return take_date(text) && take(text, "Tt") && is_time(text); }

bool is_duration(std::string_view text) {
  if (!take(text, "P")) return false;
  std::string_view weeks = text;
  if (take_digits(weeks) > 0 && weeks == "W") return true;
  const bool has_date = !text.starts_with('T');
  if (has_date && !take_units(text, "YMD")) return false;
  if (take(text, "T")) return take_units(text, "HMS") && text.empty();
  return has_date && text.empty();
}

}  // namespace counterpart::schema::formats

#include "engine/state/time_text.h"

#include <fmt/format.h>

#include <chrono>

namespace counterpart::state {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int64_t year_0_ms = -62'167'219'200'000;
constexpr int64_t year_10000_ms = 253'402'300'800'000;

/// Reads fixed-width fields off the front of a text; one failure fails all that follow.
class Fields {
 public:
  explicit Fields(std::string_view text) : rest_(text) {}

  int number(size_t width, int least, int most) {
    if (rest_.size() < width) return fail();
    int value = 0;
    for (size_t i = 0; i < width; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(width);
    return value < least || value > most ? fail() : value;
  }

  char one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_[0]) == std::string_view::npos) return static_cast<char>(fail());
    const char found = rest_[0];
    rest_.remove_prefix(1);
    return found;
  }

  /// `.` and digits, as milliseconds; 0 where there is no fraction.
  int fraction_ms() {
    if (rest_.empty() || rest_[0] != '.') return 0;
    size_t digits = 0;
    int value = 0;
    rest_.remove_prefix(1);
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') {
      if (digits < 3) value = value * 10 + (rest_[digits] - '0');
      ++digits;
    }
    if (digits == 0) return fail();
    rest_.remove_prefix(digits);
    for (; digits < 3; ++digits) value *= 10;
    return value;
  }

  bool good_and_done() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }

  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string to_iso(int64_t epoch_ms) {
  if (epoch_ms < year_0_ms || epoch_ms >= year_10000_ms) return {};
  const std::chrono::sys_time<milliseconds> instant{milliseconds{epoch_ms}};
  const sys_days day = std::chrono::floor<days>(instant);
  const year_month_day date{day};
  const int64_t in_day = (instant - day).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), in_day / 3'600'000,
                     in_day / 60'000 % 60, in_day / 1000 % 60, in_day % 1000);
}

std::optional<int64_t> from_iso(std::string_view text) {
  Fields fields{text};
  const int year = fields.number(4, 0, 9999);
  fields.one_of("-");
  const int month = fields.number(2, 1, 12);
  fields.one_of("-");
  const int day = fields.number(2, 1, 31);
  fields.one_of("Tt ");
  const int hour = fields.number(2, 0, 23);
  fields.one_of(":");
  const int minute = fields.number(2, 0, 59);
  fields.one_of(":");
  const int second = fields.number(2, 0, 60);
  const int ms = fields.fraction_ms();
  int offset_minutes = 0;
  if (const char zone = fields.one_of("Zz+-"); zone == '+' || zone == '-') {
    const int hours = fields.number(2, 0, 23);
    fields.one_of(":");
    offset_minutes = (hours * 60 + fields.number(2, 0, 59)) * (zone == '-' ? -1 : 1);
  }
  const year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!fields.good_and_done() || !date.ok()) return std::nullopt;
  const int64_t minutes = (hour * 60 + minute) - offset_minutes;
  return std::chrono::milliseconds{sys_days{date}.time_since_epoch()}.count() + (minutes * 60 + second) * 1000 + ms;
}

}  // namespace counterpart::state

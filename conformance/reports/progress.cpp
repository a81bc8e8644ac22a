#include <fmt/format.h>

#include <algorithm>

#include "conformance/reports/paint.h"
#include "conformance/reports/terminal.h"
#include "conformance/reports/text.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t bar_columns = 24;
constexpr const char* to_line_start_and_clear = "\r\x1b[K";
/// Around the line: a terminal that is narrower than was thought cuts it instead of going on below.
constexpr const char* wrap_off = "\x1b[?7l";
constexpr const char* wrap_on = "\x1b[?7h";

std::string coloured(Outcome outcome, std::string_view text, Paint paint) {
  switch (outcome) {
    case Outcome::passed:
      return paint.green(text);
    case Outcome::failed:
      return paint.red(text);
    case Outcome::known:
    case Outcome::inconclusive:
      return paint.yellow(text);
    case Outcome::skipped:
      return paint.dim(text);
  }
  return std::string(text);
}

}  // namespace

void Progress::done(const CaseResult& result) {
  const std::lock_guard lock(mutex_);
  ++ended_;
  ++counts_[static_cast<size_t>(result.outcome)];
  if (!options_.live) {
    const Paint paint{options_.style.colour};
    const std::string outcome = coloured(result.outcome, fmt::format("{:<12}", name_of(result.outcome)), paint);
    const std::string reason = result.reason.empty() ? "" : ": " + one_line(result.reason, 200);
    options_.out(fmt::format("{}  {} {}{}\n", outcome, one_line(result.name, 200),
                             paint.dim("(" + duration(result.microseconds) + ")"), reason));
    return;
  }
  const int64_t now = options_.now_ms();
  if (is_drawn_ && now - drawn_ms_ < redraw_ms) return;
  drawn_ms_ = now;
  is_drawn_ = true;
  draw(result.name);
}

void Progress::draw(const std::string& name) {
  const Paint paint{options_.style.colour};
  std::string line = " ", plain = " ";
  const auto add = [&](const std::string& text, const std::string& shown) {
    plain += text;
    line += shown;
  };
  if (options_.cases > 0) {
    const size_t filled = bar_columns * std::min(ended_, options_.cases) / options_.cases;
    std::string done, left;
    for (size_t i = 0; i < bar_columns; ++i) (i < filled ? done : left) += i < filled ? "━" : "─";
    add(done + left, paint.green(done) + paint.dim(left));
  }
  const std::string total = options_.cases > 0 ? fmt::format("/{}", options_.cases) : "";
  const std::string count = fmt::format(" {}{}", ended_, total);
  add(count, count);
  for (const Outcome outcome :
       {Outcome::passed, Outcome::failed, Outcome::known, Outcome::inconclusive, Outcome::skipped}) {
    const size_t number = counts_[static_cast<size_t>(outcome)];
    if (number == 0) continue;
    const std::string text = fmt::format(" · {} {}", number, name_of(outcome));
    add(text, coloured(outcome, text, paint));
  }
  const size_t used = document::utf8_count(plain) + 2;
  const size_t columns = options_.style.columns;
  if (used + 10 < columns) line += "  " + paint.dim(one_line(name, columns - used - 1));
  options_.out(to_line_start_and_clear + std::string(wrap_off) + line + wrap_on);
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (is_drawn_) options_.out(to_line_start_and_clear);
  is_drawn_ = false;
}

}  // namespace counterpart::conformance::reports

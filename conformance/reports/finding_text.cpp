#include "conformance/reports/finding_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/reports/diff.h"
#include "conformance/reports/paint.h"
#include "conformance/reports/text.h"
#include "engine/document/utf8.h"

namespace counterpart::conformance::reports {

namespace {

constexpr size_t label_columns = 10;
constexpr size_t body_lines_max = 12;
constexpr size_t value_lines_max = 40;
constexpr size_t earlier_max = 10;

/// The lines of a text that is fit to be shown, each cut to `columns`, at most `lines_max` of them.
std::vector<std::string> lines_of(std::string_view text, size_t lines_max, size_t columns) {
  std::vector<std::string> result;
  size_t left_out = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (result.size() < lines_max) {
      std::string line(text.substr(0, end));
      for (size_t tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', tab))
        line.replace(tab, 1, "  ");
      result.push_back(one_line(line, columns));
    } else {
      ++left_out;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (left_out > 0) result.push_back(fmt::format("… {} more", counted(left_out, "line")));
  return result;
}

/// Labels on the left, text on the right.
class Block {
 public:
  Block(const std::string& indent, size_t columns, Paint paint)
      : paint_(paint), indent_(indent), width_(columns - std::min(columns - 20, indent.size() + label_columns)) {}

  void add(std::string_view label, const std::vector<std::string>& lines) {
    for (size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].empty()) {
        text_ += "\n";
        continue;
      }
      const std::string head = fmt::format("{:<{}}", i == 0 ? label : "", label_columns);
      text_ += indent_ + paint_.dim(head) + lines[i] + "\n";
    }
  }
  void add(std::string_view label, std::string_view text) { add(label, wrapped(text, width_)); }
  void raw(std::string_view text) { text_ += text; }
  void gap() { text_ += "\n"; }

  size_t width() const { return width_; }
  const std::string& indent() const { return indent_; }
  std::string take() { return std::move(text_); }

 private:
  Paint paint_;
  std::string indent_;
  size_t width_;
  std::string text_;
};

void add_message(Block& block, std::string_view label, std::string line, const http::Headers& headers,
                 const std::string& body) {
  std::vector<std::string> lines = wrapped(line, block.width());
  if (const std::string* type = headers.find("content-type"))
    lines.push_back(one_line("content-type: " + *type, block.width()));
  if (!body.empty()) {
    for (std::string& part : lines_of(shown_body(body), body_lines_max, block.width()))
      lines.push_back(std::move(part));
  }
  block.add(label, lines);
}

std::string outcome_of(const Exchange& exchange) {
  std::string result = reply_line(exchange.reply);
  if (!exchange.expected.empty() && exchange.expected != exchange.got) {
    result += fmt::format(" (expected {}, got {})", one_line(exchange.expected),
                          exchange.got.empty() ? "no documented response" : one_line(exchange.got));
  }
  return result;
}

void add_exchanges(Block& block, const std::vector<Exchange>& exchanges) {
  if (exchanges.empty()) return;
  std::vector<std::string> earlier;
  const size_t before = exchanges.size() - 1;
  for (size_t i = before > earlier_max ? before - earlier_max : 0; i < before; ++i) {
    const Reply& reply = exchanges[i].reply;
    const bool answered = reply.kind == Reply::Kind::answered;
    const std::string status = answered ? std::to_string(reply.response.status) : "no answer";
    earlier.push_back(one_line(fmt::format("{}. {} → {}", i + 1, request_line(exchanges[i]), status), block.width()));
  }
  block.add("before it", earlier);
  const Exchange& last = exchanges.back();
  add_message(block, "request", request_line(last), last.request.headers, last.request.body);
  add_message(block, "answer", outcome_of(last), last.reply.response.headers, last.reply.response.body);
}

void add_comparison(Block& block, const Finding& finding, bool colour) {
  if (finding.expected_body && finding.actual_body) {
    const auto lines = diff(*finding.expected_body, *finding.actual_body);
    const bool differs = std::any_of(lines.begin(), lines.end(), [](const DiffLine& line) {
      return line.kind == DiffLine::Kind::removed || line.kind == DiffLine::Kind::added;
    });
    if (differs) {
      block.gap();
      block.raw(terminal_text(lines, colour, block.indent()));
      block.gap();
      return;
    }
  }
  const auto value = [&](const std::string& text) {
    return lines_of(shown_body(text), value_lines_max, block.width());
  };
  if (!finding.expected.empty()) block.add("expected", value(finding.expected));
  if (!finding.actual.empty()) block.add("actual", value(finding.actual));
}

/// What one cause showed itself as: the subjects, by check.
void add_causes(Block& block, const Finding& finding) {
  std::map<std::string, std::vector<std::string>> subjects;
  for (const Cause& cause : finding.also) {
    auto& named = subjects[one_line(cause.check, 60)];
    const std::string subject = one_line(cause.subject, 100);
    if (std::find(named.begin(), named.end(), subject) == named.end()) named.push_back(subject);
  }
  bool is_first = true;
  for (const auto& [check, named] : subjects) {
    block.add(is_first ? "seen by" : "", fmt::format("{}: {}", check, fmt::join(named, ", ")));
    is_first = false;
  }
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, size_t columns) {
  std::vector<std::string> lines;
  std::string line;
  size_t width = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const size_t word_width = document::utf8_count(word);
    if (!line.empty() && width + 1 + word_width > columns) {
      lines.push_back(std::move(line));
      line.clear();
      width = 0;
    }
    if (!line.empty()) line += ' ', ++width;
    line += word;
    width += word_width;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string finding_text(const Finding& finding, const std::string& indent, size_t columns, bool colour) {
  const Paint paint{colour};
  Block block(indent, columns, paint);
  const size_t width = block.width() + label_columns;
  for (const std::string& line : wrapped(one_line(finding.message), width)) block.raw(indent + paint.bold(line) + "\n");
  for (const std::string& line : wrapped(one_line(finding.requirement), width))
    block.raw(indent + paint.dim(line) + "\n");
  if (!finding.known.empty()) block.add("known", one_line(finding.known));
  add_causes(block, finding);
  add_comparison(block, finding, colour);
  add_exchanges(block, finding.exchanges);
  constexpr size_t curl_bytes_max = 4096;
  if (finding.curl.size() > curl_bytes_max) {
    block.add("repeat",
              fmt::format("a curl line of {} KiB: in the JSON and the HTML report", finding.curl.size() >> 10));
  } else if (!finding.curl.empty()) {
    const std::string curl = many_lines(finding.curl);
    block.raw(fmt::format("{}{}{}\n", indent, paint.dim(fmt::format("{:<{}}", "repeat", label_columns)), curl));
  }
  if (!text_of(finding.where).empty()) block.add("contract", text_of(finding.where));
  if (!finding.case_name.empty()) block.add("case", one_line(finding.case_name));
  if (!finding.reproducer.empty()) {
    const auto lines = static_cast<size_t>(std::count(finding.reproducer.begin(), finding.reproducer.end(), '\n'));
    block.add("scenario", fmt::format("{} that show it: --reproducers DIR writes them, so do the JSON and HTML reports",
                                      counted(lines, "line")));
  } else if (!finding.no_reproducer.empty()) {
    block.add("scenario", "none: " + one_line(finding.no_reproducer));
  }
  return block.take();
}

}  // namespace counterpart::conformance::reports

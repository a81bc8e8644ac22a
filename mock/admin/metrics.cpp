/// The counts in Prometheus' text format 0.0.4: metrics.
#include <fmt/format.h>

#include <iterator>

#include "mock/admin/endpoint.h"

namespace counterpart::mock::admin {

namespace {

/// A label's value: backslash, quote and line feed are escaped, all else stands as it is.
std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  return text;
}

void begin(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void add(std::string& out, std::string_view name, std::string_view type, std::string_view help, uint64_t value) {
  begin(out, name, type, help);
  fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
}

/// The counts of all spaces together; dropped entries are those of the journal that is asked.
http::Response metrics(Call& call) {
  const Tally tally = call.spaces.total();
  uint64_t dropped = 0;
  call.space().with_journal([&](const Journal& journal) { dropped = journal.dropped(); });
  std::string out;
  add(out, "counterpart_requests_total", "counter", "Requests that were answered.", tally.requests);
  add(out, "counterpart_unmatched_total", "counter", "Requests that no operation is for.", tally.unmatched);
  add(out, "counterpart_violations_total", "counter", "Requests that a strict scenario did not await.",
      tally.violations);
  add(out, "counterpart_faults_total", "counter", "Answers that went out with a fault.", tally.faults);
  begin(out, "counterpart_responses_total", "counter", "Answers by the contract's response.");
  for (const Tally::Row& row : tally.rows) {
    fmt::format_to(std::back_inserter(out),
                   "counterpart_responses_total{{contract=\"{}\",operation=\"{}\",response=\"{}\"}} {}\n",
                   escaped(row.contract), escaped(row.operation), escaped(row.response), row.served);
  }
  add(out, "counterpart_spaces", "gauge", "Spaces, without the unnamed one.", call.spaces.size());
  begin(out, "counterpart_journal_dropped_total", "counter", "Entries that fell out of a space's full journal.");
  fmt::format_to(std::back_inserter(out), "counterpart_journal_dropped_total{{space=\"{}\"}} {}\n",
                 escaped(call.space_name), dropped);
  return {200, {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}}, std::move(out)};
}

}  // namespace

std::vector<Endpoint> metrics_endpoints() {
  return {{.method = "GET",
           .path = "metrics",
           .id = "getMetrics",
           .summary = "The counts of all spaces, for Prometheus",
           .replies = {{200, "Text format 0.0.4", "Metrics", "text/plain; version=0.0.4; charset=utf-8"},
                       problem(503, "There are as many spaces as may be")},
           .handle = metrics}};
}

}  // namespace counterpart::mock::admin

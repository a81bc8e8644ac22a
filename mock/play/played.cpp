#include "mock/play/played.h"

#include "mock/system_clock.h"

namespace counterpart::mock {

JournalEntry entry_of(const http::Request& request, const Played& played, int64_t microseconds) {
  const engine::Answer& answer = played.answer;
  JournalEntry entry;
  entry.at_ms = played.at_ms;
  entry.real_ms = SystemClock().now_ms();
  entry.microseconds = microseconds;
  entry.delay_ms = played.delay.count();
  entry.status = answer.response.status;
  entry.violation = played.violation;
  entry.unmatched = is_unmatched(played);
  entry.undocumented = is_undocumented(played);
  entry.method = request.method;
  entry.target = request.target;
  entry.request_body = request.body;
  entry.response_body = answer.response.body;
  entry.fault = played.fault_name;
  for (const http::Header& field : request.headers) entry.request_headers.emplace_back(field.name, field.value);
  for (const http::Header& field : answer.response.headers) {
    entry.response_headers.emplace_back(field.name, field.value);
  }
  if (played.contract != nullptr) entry.contract = played.contract->contract().name;
  if (answer.operation != nullptr) entry.operation = answer.operation->id;
  const bool is_given = answer.documented != nullptr && played.change != Change::overridden;
  if (is_given) entry.response = answer.documented->name;
  const document::Location* chosen_by = played.cue               ? &(**played.cue).where
                                        : answer.rule != nullptr ? &answer.rule->where
                                                                 : nullptr;
  if (chosen_by != nullptr && chosen_by->source != nullptr) {
    entry.rule_file = chosen_by->source->name;
    entry.rule_line = static_cast<int32_t>(chosen_by->at.line);
  }
  if (answer.nearest != nullptr) entry.nearest = answer.nearest->id;
  for (const std::string& difference : answer.differences) entry.differences.push_back(difference);
  return entry;
}

}  // namespace counterpart::mock

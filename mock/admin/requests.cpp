/// What the space was asked: requests.
#include <fmt/format.h>

#include <algorithm>

#include "mock/admin/endpoint.h"
#include "mock/admin/exchange.h"

namespace counterpart::mock::admin {

namespace {

constexpr size_t listed_default = 100;

/// Refuses a name that no operation has: a filter with a spelling mistake would find nothing and say nothing.
void check_operation(const Call& call, const Stage& stage) {
  const auto name = call.query.find("operation");
  if (name == call.query.end()) return;
  std::vector<std::string> known;
  for (const size_t seat : call.seats(stage)) {
    for (const auto& operation : stage.seats()[seat].engine->contract().operations) known.push_back(operation.id);
  }
  const auto& text = name->get_ref<const std::string&>();
  if (std::find(known.begin(), known.end(), text) != known.end()) return;
  refuse(400, fmt::format("there is no operation \"{}\"; {}", text, document::suggestion(text, known)));
}

bool is_asked_for(const Json& query, const JournalEntry& entry) {
  const auto differs = [&query](const char* name, const Json& value) {
    const auto wanted = query.find(name);
    return wanted != query.end() && *wanted != value;
  };
  return !differs("contract", std::string(entry.contract)) && !differs("operation", std::string(entry.operation)) &&
         !differs("status", entry.status) && !differs("unmatched", entry.unmatched) &&
         !differs("violation", entry.violation);
}

/// Another space may be asked for by name; one that nobody made is not made by looking at it.
Journal journal_asked(Call& call) {
  const auto name = call.query.find("space");
  if (name == call.query.end()) return journal_of(call.space());
  const auto& text = name->get_ref<const std::string&>();
  const auto known = call.spaces.names();
  if (!text.empty() && !std::binary_search(known.begin(), known.end(), text)) {
    refuse(404, fmt::format("there is no space \"{}\"", text));
  }
  const Spaces::Use space = call.spaces.use(text);
  if (!space) refuse(503, "there are as many spaces as may be, and none is idle");
  return journal_of(*space);
}

http::Response list(Call& call) {
  const auto stage = call.spaces.stage();
  call.seats(*stage);  // refuses a contract nobody has
  check_operation(call, *stage);
  const uint64_t after = call.query.value("after", uint64_t{0});
  const size_t limit = call.query.value("limit", listed_default);
  const Journal journal = journal_asked(call);
  size_t total = 0;
  uint64_t last = 0;
  bool has_more = false;
  Json requests = Json::array();
  for (size_t i = 0; i < journal.size(); ++i) {
    const JournalEntry entry = journal.at(i);
    if (!is_asked_for(call.query, entry)) continue;
    ++total;
    if (entry.id <= after) continue;
    if (requests.size() == limit) {
      has_more = true;
      continue;
    }
    requests.push_back(exchange_json(entry));
    last = entry.id;
  }
  return answer({{"total", total},
                 {"dropped", journal.dropped()},
                 {"requests", std::move(requests)},
                 {"next", has_more ? Json(last) : Json()}});
}

http::Response clear(Call& call) {
  call.space().with_journal([](Journal& journal) { journal.clear(); });
  return nothing();
}

}  // namespace

std::vector<Endpoint> request_endpoints() {
  constexpr std::string_view boolean = R"({"type":"boolean"})";
  return {
      {.method = "GET",
       .path = "requests",
       .id = "listRequests",
       .summary = "What was asked and answered, the oldest first",
       .query_parameters = {{"operation", R"({"type":"string"})", "Only requests of this operation"},
                            {"status", R"({"type":"integer","minimum":100,"maximum":999})",
                             "Only requests that were answered with this status"},
                            {"contract", R"({"type":"string"})", "Only requests of this contract"},
                            {"unmatched", boolean, "Only requests that no operation is for (false: only the others)"},
                            {"violation", boolean,
                             "Only requests that a strict scenario did not await (false: only the others)"},
                            {"space", R"({"type":"string"})", "The journal of this space, instead of the asked one's"},
                            {"after", R"({"type":"integer","minimum":0,"maximum":9007199254740991})",
                             "Only requests whose id is greater"},
                            {"limit", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})",
                             "At most so many requests"}},
       .replies = {{200, "One page of the journal", "Requests"},
                   problem(404, "There is no such space"),
                   problem(503, "There are as many spaces as may be")},
       .handle = list},
      {.method = "DELETE",
       .path = "requests",
       .id = "clearRequests",
       .summary = "Forget what was asked; what was counted stays",
       .replies = {{204, "The journal is empty"}, problem(503, "There are as many spaces as may be")},
       .handle = clear},
  };
}

}  // namespace counterpart::mock::admin

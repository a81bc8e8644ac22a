/// Whether the space was asked what a test expects: verify.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/document/json.h"
#include "mock/admin/endpoint.h"
#include "mock/admin/exchange.h"
#include "mock/admin/fields.h"

namespace counterpart::mock::admin {

namespace {

constexpr size_t closest_max = 5;

struct Condition {
  Field field;
  std::string word;
  Json expected;
};

/// What is asked for, and how often.
struct Question {
  std::vector<Condition> conditions;
  uint64_t at_least = 1;
  uint64_t at_most = std::numeric_limits<uint64_t>::max();
  std::string times;  ///< in words
};

std::vector<std::string> operations_of(const Stage& stage) {
  std::vector<std::string> known;
  for (const Seat& seat : stage.seats()) {
    for (const auto& operation : seat.engine->contract().operations) known.push_back(operation.id);
  }
  return known;
}

Condition read_condition(const std::string& word, const Json& expected, const Stage& stage) {
  const auto field = Field::parse(word);
  if (!field) {
    const auto words = Field::words();
    const std::string first = word.substr(0, word.find_first_of(".["));
    const bool is_known = std::find(words.begin(), words.end(), first) != words.end();
    refuse(400, fmt::format(
                    "\"{}\" names no field; {}", word,
                    is_known ? fmt::format("\"{}\" has no such member", first) : document::suggestion(first, words)));
  }
  // A name with a spelling mistake is never found, so that "at most 0" would always be verified.
  if (field->part == Field::Part::operation && expected.is_string()) {
    const auto known = operations_of(stage);
    const auto& name = expected.get_ref<const std::string&>();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      refuse(400, fmt::format("there is no operation \"{}\"; {}", name, document::suggestion(name, known)));
    }
  }
  return {*field, word, expected};
}

/// Reads `count`, `at-least` and `at-most`.
void read_times(const Json& body, Question& question) {
  if (body.contains("count")) {
    if (body.contains("at-least") || body.contains("at-most")) {
      refuse(400, "count is the exact number: leave out at-least and at-most");
    }
    question.at_least = question.at_most = body["count"].get<uint64_t>();
    question.times = fmt::format("exactly {}", question.at_least);
    return;
  }
  if (!body.contains("at-most")) {
    question.at_least = body.value("at-least", uint64_t{1});
    question.times = fmt::format("at least {}", question.at_least);
    return;
  }
  question.at_least = body.value("at-least", uint64_t{0});
  question.at_most = body["at-most"].get<uint64_t>();
  if (question.at_least > question.at_most) refuse(400, "at-least is greater than at-most");
  question.times = body.contains("at-least") ? fmt::format("{} to {}", question.at_least, question.at_most)
                                             : fmt::format("at most {}", question.at_most);
}

Question read_question(const Json& body, const Stage& stage) {
  Question question;
  if (body.contains("operation")) {
    question.conditions.push_back(read_condition("operation", body["operation"], stage));
  }
  if (body.contains("where")) {
    for (const auto& [word, expected] : body["where"].items()) {
      question.conditions.push_back(read_condition(word, expected, stage));
    }
  }
  read_times(body, question);
  return question;
}

/// How far an exchange is from what was asked for.
struct Distance {
  size_t index = 0;  ///< in the journal
  size_t fields = 0;
  size_t body_fields = 0;  ///< of them those of the body
};

/// What was found in the journal.
struct Found {
  uint64_t count = 0;
  uint64_t truncated = 0;  ///< only their bodies do not fit, and of these not all was kept
  std::vector<Distance> distances;
};

Json closest_json(const Journal& journal, const Question& question, const std::vector<Distance>& closest,
                  const Stage& stage) {
  Json list = Json::array();
  for (const Distance& distance : closest) {
    const JournalEntry entry = journal.at(distance.index);
    Exchange exchange(entry, stage);
    Json differences = Json::array();
    for (const Condition& condition : question.conditions) {
      if (exchange.has(condition.field, condition.expected)) continue;
      differences.push_back(
          {{"field", condition.word}, {"expected", condition.expected}, {"found", exchange.value(condition.field)}});
    }
    list.push_back({{"id", entry.id},
                    {"method", std::string(entry.method)},
                    {"target", std::string(entry.target)},
                    {"operation", name_json(entry.operation)},
                    {"status", entry.status},
                    {"differences", std::move(differences)}});
  }
  return list;
}

[[noreturn]] void refuse_count(const Call& call, const Journal& journal, const Question& question, Found found,
                               const Stage& stage) {
  // Too few: those that nearly are what was asked for. Too many: those that are.
  const bool too_many = found.count > question.at_most;
  std::vector<Distance>& distances = found.distances;
  std::erase_if(distances, [&](const Distance& distance) { return (distance.fields == 0) != too_many; });
  const size_t shown = std::min(closest_max, distances.size());
  std::partial_sort(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(shown), distances.end(),
                    [](const Distance& a, const Distance& b) {
                      return a.fields != b.fields ? a.fields < b.fields : a.index > b.index;
                    });
  distances.resize(shown);
  std::string detail = fmt::format("expected {} such {}, found {}", question.times,
                                   question.times.ends_with(" 1") ? "request" : "requests", found.count);
  if (journal.dropped() > 0) {
    detail += fmt::format("; the journal was full and dropped the {} oldest before", journal.dropped());
  }
  std::vector<std::pair<std::string, std::string>> extensions = {
      {"count", std::to_string(found.count)},
      {"dropped", std::to_string(journal.dropped())},
      {"asked", document::write_json(call.body)},
      {"closest", document::write_json(closest_json(journal, question, distances, stage))}};
  if (found.truncated > 0) {
    detail +=
        fmt::format("; of {} only the beginning of the body was kept, so it could not be compared", found.truncated);
    extensions.emplace_back("truncated", std::to_string(found.truncated));
  }
  refuse(422, detail, extensions);
}

Found search(const Journal& journal, const Question& question, const Stage& stage) {
  Found found;
  for (size_t i = 0; i < journal.size(); ++i) {
    const JournalEntry entry = journal.at(i);
    Exchange exchange(entry, stage);
    Distance distance{i, 0, 0};
    for (const Condition& condition : question.conditions) {
      if (exchange.has(condition.field, condition.expected)) continue;
      ++distance.fields;
      if (condition.field.part == Field::Part::body) ++distance.body_fields;
    }
    if (distance.fields == 0) ++found.count;
    if (distance.fields > 0 && distance.fields == distance.body_fields && entry.is_cut()) ++found.truncated;
    found.distances.push_back(distance);
  }
  return found;
}

http::Response verify(Call& call) {
  const auto stage = call.space().stage();
  const Question question = read_question(call.body, *stage);
  const Journal journal = journal_of(call.space());
  Found found = search(journal, question, *stage);
  if (found.count < question.at_least || found.count > question.at_most) {
    refuse_count(call, journal, question, std::move(found), *stage);
  }
  Json result = {{"verified", true}, {"count", found.count}};
  if (journal.dropped() > 0) result["dropped"] = journal.dropped();  // there may have been more
  if (found.truncated > 0) result["truncated"] = found.truncated;
  return answer(result);
}

constexpr std::string_view question_schema = R"({
  "type": "object",
  "properties": {
    "operation": { "type": "string", "description": "The operation that was called" },
    "where": {
      "type": "object",
      "description": "Values by field (method, path, query.NAME, body.list[1].a, status, ...); null: it is not there"
    },
    "count": { "type": "integer", "minimum": 0, "maximum": 1000000000, "description": "Exactly so often" },
    "at-least": { "type": "integer", "minimum": 0, "maximum": 1000000000,
                  "description": "So often or more; 1 where nothing else is said" },
    "at-most": { "type": "integer", "minimum": 0, "maximum": 1000000000, "description": "So often or less" }
  },
  "additionalProperties": false
})";

}  // namespace

std::vector<Endpoint> verify_endpoints() {
  return {{.method = "POST",
           .path = "verify",
           .id = "verifyRequests",
           .summary = "Whether the space was asked something, and how often",
           .body = question_schema,
           .replies = {{200, "It was, as often as expected", "Verified"},
                       {422, "It was not; the closest requests, and what differs", "NotVerified",
                        "application/problem+json"},
                       problem(503, "There are as many spaces as may be")},
           .handle = verify}};
}

}  // namespace counterpart::mock::admin

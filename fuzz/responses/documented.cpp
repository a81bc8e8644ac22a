#include "fuzz/responses/documented.h"

#include <algorithm>

#include "conformance/oracle.h"
#include "conformance/plan.h"
#include "engine/scenario/story.h"

namespace counterpart::fuzz {

namespace {

http::Headers plain_headers(const http::Headers& headers) {
  http::Headers plain;
  for (const http::Header& field : headers) {
    const std::string name = http::lower_case(field.name);
    if (!name.starts_with("counterpart-") && name != "preference-applied") plain.add(field.name, field.value);
  }
  return plain;
}

class Collector {
 public:
  explicit Collector(const conformance::Suite& suite) : suite_(suite) {
    for (const contract::Operation& operation : suite.contract().operations) {
      for (const auto& response : operation.responses) rows_.push_back({&operation, response.get(), {}});
    }
  }

  std::vector<Variant> run() {
    for (const auto& scenario : suite_.scenarios) play(*scenario);
    std::vector<Variant> all;
    for (Row& row : rows_) {
      add_example(row);
      for (Variant& variant : row.variants) all.push_back(std::move(variant));
    }
    return all;
  }

 private:
  struct Row {
    const contract::Operation* operation;
    const contract::Response* response;
    std::vector<Variant> variants;
  };

  void play(const scenario::Scenario& scenario) {
    conformance::Oracle oracle(suite_, true);
    oracle.restart(&scenario);
    scenario::Story story(scenario, *suite_.engine, oracle.space());
    for (const scenario::Step& step : scenario.steps) {
      try {
        if (step.after_ms > 0) oracle.space().clock->advance(step.after_ms);
        const engine::Answer answer = oracle.answer(story.request(step));
        add(answer);
        story.observe(answer.response);
        story.capture(step);
      } catch (const expression::Error&) {
        return;  // it cannot be played further; what came until here counts
      }
    }
  }

  void add(const engine::Answer& answer) {
    if (answer.documented == nullptr) return;
    for (Row& row : rows_) {
      if (row.operation == answer.operation && row.response == answer.documented) {
        add(row, {answer.response.status, plain_headers(answer.response.headers), answer.response.body});
      }
    }
  }

  static void add(Row& row, http::Response answer) {
    if (row.variants.size() >= bodies_of_a_response_max || answer.body.size() > Variant::body_bytes_max) return;
    for (const Variant& known : row.variants) {
      if (known.answer.body == answer.body) return;
    }
    row.variants.push_back({row.operation, row.response, std::move(answer), Legality::legal, {}});
  }

  /// As the document prints it; or, where no scenario led to it, as `Prefer` would give it.
  void add_example(Row& row) const {
    if (!row.variants.empty() && !row.response->example) return;
    http::Request request = conformance::request_of(suite_, suite_.base_call(*row.operation));
    request.headers.add("Prefer", "example=" + row.response->name);
    const engine::Answer answer = conformance::Oracle(suite_, true).foresee(request);
    if (answer.operation == row.operation && answer.documented == row.response) {
      add(row, {answer.response.status, plain_headers(answer.response.headers), answer.response.body});
    } else if (row.variants.empty()) {
      http::Response bare;
      bare.status = row.response->status;
      if (row.response->has_body) bare.headers.add("Content-Type", row.response->content_type);
      bare.body = row.response->example.value_or(row.response->body.is_constant() ? row.response->body.text() : "");
      add(row, std::move(bare));
    }
  }

  const conformance::Suite& suite_;
  std::vector<Row> rows_;
};

}  // namespace

std::vector<Variant> documented_answers(const conformance::Suite& suite) { return Collector(suite).run(); }

}  // namespace counterpart::fuzz

#include "engine/answering.h"

#include <algorithm>

#include "engine/http/media_type.h"
#include "engine/refusal.h"

namespace counterpart::engine {

using contract::Operation;

namespace {

/// Several Prefer fields are one list (RFC 7240, 2).
std::string preferences_of(const http::Request& request) {
  std::string preferences;
  for (const http::Header& field : request.headers) {
    if (!http::equal_ignoring_case(field.name, "prefer")) continue;
    if (!preferences.empty()) preferences += ", ";
    preferences += field.value;
  }
  return preferences;
}

std::string list_responses(const Operation& operation) {
  std::string list;
  for (const auto& response : operation.responses) {
    list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", response->name, response->status);
  }
  return list;
}

}  // namespace

Answering::Answering(const contract::Loaded& loaded, Prepared& prepared, const http::Request& request,
                     state::Space& space, Director* director)
    : SpaceScope(*loaded.contract, space),
      loaded_(loaded),
      prepared_(prepared),
      request_(request),
      director_(director),
      values_(request, target_) {}

std::vector<std::string> Answering::names() const {
  std::vector<std::string> names;
  for (const auto& [name, meaning] : prepared_.names) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<expression::Value> Answering::find(std::string_view name) {
  const auto found = prepared_.names.find(name);
  if (found == prepared_.names.end()) {
    return observed_ && name == "response" ? std::optional<expression::Value>(&*observed_) : std::nullopt;
  }
  if (const auto* let = std::get_if<expression::Let>(&found->second)) return *let;
  if (const auto* collection = std::get_if<CollectionName>(&found->second))
    return writing_.owns_lock() ? &space_.own(collection->index) : &space_.shared(collection->index);
  switch (std::get<Word>(found->second)) {
    case Word::path:
      return &values_.path();
    case Word::query:
      return &values_.query();
    case Word::headers:
      return &values_.headers();
    case Word::cookies:
      return &values_.cookies();
    case Word::body: {
      const Json* body = values_.body();
      return body == nullptr ? expression::Value(expression::Absent{}) : expression::Value(body);
    }
    case Word::credential: {
      const auto& credential = values_.credential();
      return credential ? expression::Value(std::string_view(*credential)) : expression::Value(expression::Absent{});
    }
    case Word::invalid:
      return &values_.invalid();
    case Word::request:
      return &values_.request();
    case Word::variables:
    case Word::now:
      break;
  }
  return SpaceScope::find(name);
}

/// Locks the space for as long as this answer needs it; what has expired is gone by then.
void Answering::lock() {
  if (reading_.owns_lock() || writing_.owns_lock()) return;
  const int64_t now = space_.clock->now_ms();
  if (!operation_->changes_state() && !observed_) {
    reading_ = std::shared_lock(space_.mutex);
    if (space_.next_expiry_ms() > now) return;
    reading_.unlock();
  }
  writing_ = std::unique_lock(space_.mutex);
  space_.expire(now);
}

expression::Session& Answering::session() {
  if (!session_) {
    lock();
    session_.emplace(contract_.program, *this,
                     [this]() -> expression::Interpreter& { return *interpreter_.emplace(prepared_.interpreters); });
  }
  return *session_;
}

expression::Session& Answering::session_of(Interpreters& program) {
  if (directing_program_ != &program) {
    end_directing();
    lock();
    directing_program_ = &program;
    directing_session_.emplace(program.program(), *this, [this, &program]() -> expression::Interpreter& {
      return *directing_interpreter_.emplace(program);
    });
  }
  return *directing_session_;
}

void Answering::end_directing() {
  directing_session_.reset();
  directing_interpreter_.reset();
  directing_program_ = nullptr;
}

/// The operation that is meant; its parameters are read.
contract::Router::Match Answering::match() {
  contract::Router::Match match = loaded_.router->find(request_.method, target_.segments, values_);
  if (match.operation) {
    operation_ = &contract_.operations[*match.operation];
    values_.set_operation(contract_, *operation_);
  }
  return match;
}

bool Answering::observe(Json response) {
  auto target = http::parse_target(request_.target);
  if (!target) return false;
  target_ = *std::move(target);
  match();
  if (operation_ == nullptr || !operation_->observe) return false;
  observed_ = std::move(response);
  session().run(*operation_->observe);
  return session().has_changed_state();
}

Answer Answering::run() {
  auto target = http::parse_target(request_.target);
  if (!target) return problem(400, "the request's target is not a path with well-formed percent escapes");
  target_ = *std::move(target);
  const contract::Router::Match match = this->match();
  if (!match.operation) return refusal(contract_, request_, target_, values_, match);
  const Operation& operation = *operation_;
  try {
    Answer answer = decide(operation);
    if (director_ != nullptr) director_->after(*this, answer);
    return answer;
  } catch (const expression::Error& error) {
    return failure(operation, error);
  }
}

/// The director, the client's Prefer header, the rules: the first that has an answer.
Answer Answering::decide(const Operation& operation) {
  if (director_ != nullptr) {
    auto answer = director_->before(*this);
    end_directing();  // what its expressions remember may be changed by the rules
    if (answer) return *std::move(answer);
  }
  if (request_.headers.find("prefer") != nullptr) {
    Answer answer = forced(operation, preferences_of(request_));
    if (answer.operation != nullptr) return answer;
  }
  return play(operation);
}

bool Answering::holds(Interpreters& program, expression::SnippetId expression) {
  return session_of(program).test(expression);
}

std::string Answering::rendered(Interpreters& program, const expression::Template& text) {
  if (text.is_constant()) return text.text();
  std::string out;
  text.render(session_of(program), out);
  return out;
}

Answer Answering::respond(size_t response) {
  const ReadyResponse& ready = this->ready(*operation_, response);
  return ready.needs_its_rule ? respond_by_example(*operation_, response) : respond(*operation_, ready, nullptr);
}

const ReadyResponse& Answering::ready(const Operation& operation, size_t response) const {
  return prepared_.responses.at(contract_.index_of(operation), response);
}

/// The rules, in order.
Answer Answering::play(const Operation& operation) {
  if (const auto& fixed = prepared_.responses.fixed(contract_.index_of(operation)); fixed.rule != nullptr) {
    return respond(operation, fixed.response, fixed.rule);
  }
  for (const contract::Rule& rule : operation.rules) {
    if (rule.when && !session().test(*rule.when)) continue;
    if (rule.act) session().run(*rule.act);
    return respond(operation, ready(operation, rule.response), &rule);
  }
  return failure(operation,
                 {operation.where, fmt::format("no rule of operation {} applies to this request", operation.id)});
}

/// `Prefer: code=404` and `Prefer: example=name` (RFC 7240): a response of the operation, without its rules. An answer
/// without an operation when neither is asked for.
Answer Answering::forced(const Operation& operation, std::string_view preferences) {
  std::string_view code;
  std::string_view example;
  const auto all = http::parse_prefer(preferences);
  for (const auto& [name, value] : all) {
    if (name == "code") code = value;
    if (name == "example") example = value;
  }
  if (code.empty() && example.empty()) return {};
  for (size_t i = 0; i < operation.responses.size(); ++i) {
    const contract::Response& response = *operation.responses[i];
    const bool wanted =
        (example.empty() || response.name == example) && (code.empty() || std::to_string(response.status) == code);
    if (!wanted) continue;
    Answer answer = respond_by_example(operation, i);
    answer.response.headers.add("Preference-Applied",
                                example.empty() ? fmt::format("code={}", code) : fmt::format("example={}", example));
    return answer;
  }
  return problem(400,
                 fmt::format("operation {} has no response for \"Prefer: {}\"; it has {}", operation.id,
                             http::field_value(std::string(preferences.substr(0, 200))), list_responses(operation)),
                 &operation);
}

Answer Answering::respond_by_example(const Operation& operation, size_t response) {
  const contract::Response& source = *operation.responses[response];
  const ReadyResponse& ready = this->ready(operation, response);
  if (ready.body_is_constant || !source.example) return respond(operation, ready, nullptr);
  Answer answer;
  answer.operation = &operation;
  answer.documented = &source;
  answer.response_index = ready.index;
  answer.is_documented = ready.is_documented;
  answer.response = prepared_.responses.make(ready);
  answer.response.body = *source.example;
  try {
    render_headers(ready, answer.response);
  } catch (const expression::Error&) {
    // Headers that need what this request does not have are left out: an example stands for itself.
  }
  return answer;
}

Answer Answering::respond(const Operation& operation, const ReadyResponse& ready, const contract::Rule* rule) {
  Answer answer;
  answer.operation = &operation;
  answer.documented = ready.source;
  answer.response_index = ready.index;
  answer.is_documented = ready.is_documented;
  answer.rule = rule;
  answer.response = prepared_.responses.make(ready);
  render(ready, answer.response);
  return answer;
}

void Answering::render_headers(const ReadyResponse& ready, http::Response& into) {
  if (ready.headers_are_constant) return;
  for (const auto& [name, value] : ready.source->headers) {
    if (value.is_constant()) continue;
    std::string text;
    value.render(session(), text);
    into.headers.add(name, http::field_value(std::move(text)));
  }
}

void Answering::render(const ReadyResponse& ready, http::Response& into) {
  render_headers(ready, into);
  if (!ready.body_is_constant) ready.source->body.render(session(), into.body);
}

}  // namespace counterpart::engine

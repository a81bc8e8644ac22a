#include "conformance/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "conformance/judging.h"

namespace counterpart::conformance {

namespace {

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// Answers what was answered then, one after the other.
class Recorded final : public Conversation {
 public:
  explicit Recorded(const std::vector<Exchange>& exchanges) : exchanges_(exchanges) {}

  Reply send(const http::Request&, bool) override {
    if (next_ < exchanges_.size()) return exchanges_[next_++].reply;
    Reply none;
    none.kind = Reply::Kind::broken;
    return none;
  }
  std::string url(const std::string&) const override { return ""; }
  std::string advance(int64_t) override { return ""; }

 private:
  const std::vector<Exchange>& exchanges_;
  size_t next_ = 0;
};

// ------------------------------------------------------------------------------------------------- what was made up

/// Adds the scalars of `value` that `other` has otherwise.
void add_differences(const Json& value, const Json& other,
                     std::vector<std::string>& texts) {  // NOLINT(misc-no-recursion)
  if (value == other) return;
  if (!value.is_structured()) {
    texts.push_back(text_of(value));
    return;
  }
  auto it = other.begin();
  for (const Json& member : value) add_differences(member, *it++, texts);
}

// ------------------------------------------------------------------------------------------------- where it was told

constexpr size_t told_depth_max = 16;  // further down nobody looks for an id

/// How an expression reaches a member; "" when it cannot.
std::string member_text(const std::string& name) {
  static constexpr std::array reserved{"and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
                                       "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
                                       "repeat",   "return", "then", "true", "until",  "while"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool is_word = !name.empty() && is_letter(name[0]) &&
                       std::all_of(name.begin(), name.end(), [&](char c) { return is_letter(c) || is_digit(c); });
  if (is_word && std::find(reserved.begin(), reserved.end(), name) == reserved.end()) return "." + name;
  const bool is_plain = std::all_of(name.begin(), name.end(),
                                    [](char c) { return c >= ' ' && c < 127 && c != '"' && c != '\\' && c != '$'; });
  return is_plain ? "[\"" + name + "\"]" : "";
}

/// The path to the first scalar of this text.
std::optional<std::string> path_to(const std::string& text, const Json& in,
                                   size_t depth) {  // NOLINT(misc-no-recursion)
  if (!in.is_structured()) return text_of(in) == text ? std::optional<std::string>("") : std::nullopt;
  if (depth >= told_depth_max) return std::nullopt;
  size_t index = 0;
  for (const auto& [name, member] : in.items()) {
    ++index;
    const std::string step = in.is_array() ? fmt::format("[{}]", index) : member_text(name);
    if (step.empty()) continue;
    if (const auto rest = path_to(text, member, depth + 1)) return step + *rest;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Call> as_first_told(const Suite& suite, const std::vector<Sent>& sent,
                                const std::vector<Exchange>& exchanges, const scenario::Scenario* given) {
  Case one;
  for (const Sent& each : sent) one.calls.push_back(each.call);
  if (suite.initial_other == nullptr || one.calls.empty()) return one.calls;  // nothing is made up
  Oracle oracle(suite, true);
  if (given != nullptr) oracle.restart(given);
  oracle.lose();  // it only listens
  Recorded recorded(exchanges);
  PlayOptions options;
  options.is_hostile = true;
  play(suite, one, recorded, oracle, options);
  for (Call& call : one.calls) call = oracle.as_in(Aliases::World::first, std::move(call));
  return one.calls;
}

std::vector<std::string> differences(const Call& call, const Call& other) {
  std::vector<std::string> texts;
  for (size_t i = 0; i < call.parts.parameters.size(); ++i) {
    add_differences(call.parts.parameters[i].second, other.parts.parameters[i].second, texts);
  }
  if (call.parts.body) add_differences(*call.parts.body, *other.parts.body, texts);
  if (call.parts.credential != other.parts.credential) texts.push_back(*call.parts.credential);
  return texts;
}

std::string told_in(const http::Response& response, const std::string& text) {
  const Json body = body_of(response);
  if (body.is_structured()) {
    if (const auto path = path_to(text, body, 0)) return "response.body" + *path;
  }
  for (const http::Header& field : response.headers) {
    std::string name = field.name;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    const std::string member = member_text(name);
    if (member.empty() || !field.value.ends_with(text)) continue;
    const std::string value = "response.headers" + member;
    if (field.value == text) return value;
    // At the end of a path, as in Location: where it begins is the same wherever the server is.
    const size_t from = field.value.size() - text.size();
    if (field.value[0] == '/' && field.value[from - 1] == '/')
      return fmt::format("string.sub({}, {})", value, from + 1);
  }
  return "";
}

References references_of(const std::vector<Sent>& sent, const std::vector<Call>& first_told,
                         const std::vector<Exchange>& exchanges) {
  References references;
  references.captures.resize(sent.size());
  for (size_t i = 0; i < sent.size(); ++i) {
    for (const std::string& text : differences(sent[i].call, first_told[i])) {
      if (references.names.contains(text)) continue;
      std::string expression;
      for (size_t j = 0; j < i && j < exchanges.size() && expression.empty(); ++j) {
        expression = told_in(exchanges[j].reply.response, text);
        if (expression.empty()) continue;
        const std::string name = fmt::format("made_{}", references.names.size() + 1);
        references.captures[j].push_back({name, expression});
        references.names[text] = name;
      }
      if (expression.empty()) references.missing = text;
    }
  }
  return references;
}

Json as_template(const Json& value, const Json& first_told,
                 const References& references) {  // NOLINT(misc-no-recursion)
  const auto escaped = [](std::string text) {
    for (size_t at = text.find("${"); at != std::string::npos; at = text.find("${", at + 3)) text.insert(at, "$");
    return text;
  };
  if (value.is_structured()) {
    Json result = value.is_object() ? Json::object() : Json::array();
    auto told = first_told.begin();
    for (const auto& [name, member] : value.items()) {
      Json written = as_template(member, *told++, references);
      if (value.is_object()) {
        result[escaped(name)] = std::move(written);
      } else {
        result.push_back(std::move(written));
      }
    }
    return result;
  }
  const auto name = value == first_told ? references.names.end() : references.names.find(text_of(value));
  if (name != references.names.end()) return "${" + name->second + "}";
  return value.is_string() ? Json(escaped(value.get<std::string>())) : value;
}

}  // namespace counterpart::conformance

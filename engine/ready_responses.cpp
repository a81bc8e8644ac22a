#include "engine/ready_responses.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "engine/contract/rule_names.h"
#include "engine/engine.h"

namespace counterpart::engine {

namespace {

std::string undocumented_text(const contract::Operation& operation, const contract::Response& response) {
  std::string text = operation.undocumented;
  for (const contract::Undocumented& part : response.undocumented) {
    if (!text.empty()) text += "; ";
    text += part.part == "response" ? part.reason : fmt::format("{}: {}", part.part, part.reason);
  }
  return text;
}

void append_number(std::string& text, uint32_t number) {
  text.append(reinterpret_cast<const char*>(&number), sizeof number);
}

uint32_t take_number(std::string_view& text) {
  uint32_t number = 0;
  std::memcpy(&number, text.data(), sizeof number);
  text.remove_prefix(sizeof number);
  return number;
}

}  // namespace

ReadyResponses::ReadyResponses(const contract::Contract& contract) {
  for (const contract::Operation& operation : contract.operations) {
    Operation& ready = operations_.emplace_back();
    ready.first_response = responses_.size();
    for (const auto& response : operation.responses) add(contract, operation, *response);
    if (operation.rules.empty() || operation.rules[0].when || operation.rules[0].act) continue;
    ready.fixed = {&operation.rules[0], responses_[ready.first_response + operation.rules[0].response]};
  }
}

void ReadyResponses::add(const contract::Contract& contract, const contract::Operation& operation,
                         const contract::Response& response) {
  ReadyResponse ready;
  ready.source = &response;
  ready.index = static_cast<uint32_t>(responses_.size());
  ready.is_documented = operation.documents(response);
  ready.status = static_cast<int16_t>(response.status);
  ready.text = texts_.size();
  if (!response.content_type.empty()) add_header(ready, "Content-Type", response.content_type);
  for (const auto& [name, value] : response.headers) {
    if (value.is_constant()) {
      add_header(ready, name, http::field_value(value.text()));
    } else {
      ready.headers_are_constant = false;
    }
  }
  add_header(ready, operation_header, operation.id);
  add_header(ready, response_header, response.name);
  if (const std::string why = undocumented_text(operation, response); !why.empty()) {
    add_header(ready, undocumented_header, why);
  }
  ready.body_is_constant = response.body.is_constant();
  if (ready.body_is_constant) {
    texts_ += response.body.text();
    ready.body_bytes = static_cast<uint32_t>(response.body.text().size());
  }
  ready.needs_its_rule =
      !(ready.body_is_constant && ready.headers_are_constant) && !contract::rule_names(contract, response).empty();
  responses_.push_back(ready);
}

void ReadyResponses::add_header(ReadyResponse& ready, const std::string& name, std::string_view value) {
  const auto known = std::find(names_.begin(), names_.end(), name);
  append_number(texts_, static_cast<uint32_t>(known - names_.begin()));
  append_number(texts_, static_cast<uint32_t>(value.size()));
  if (known == names_.end()) names_.push_back(name);
  texts_ += value;
  ++ready.headers;
}

http::Response ReadyResponses::make(const ReadyResponse& ready) const {
  http::Response response;
  response.status = ready.status;
  response.headers.reserve(ready.headers);
  std::string_view rest = std::string_view(texts_).substr(ready.text);
  for (size_t i = 0; i < ready.headers; ++i) {
    const std::string& name = names_[take_number(rest)];
    const uint32_t value_bytes = take_number(rest);
    response.headers.add(name, std::string(rest.substr(0, value_bytes)));
    rest.remove_prefix(value_bytes);
  }
  response.body = rest.substr(0, ready.body_bytes);
  return response;
}

}  // namespace counterpart::engine

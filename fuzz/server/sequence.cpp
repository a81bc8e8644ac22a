#include "fuzz/server/sequence.h"

#include <algorithm>
#include <array>

#include "engine/document/json.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Call;
using conformance::Trick;
using document::Json;

constexpr std::array kinds{Trick::Kind::path,   Trick::Kind::query, Trick::Kind::repeat,
                           Trick::Kind::header, Trick::Kind::body,  Trick::Kind::method};

/// Bytes as a text that JSON can hold: each the character of its number.
std::string text_of_bytes(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

std::string bytes_of_text(const std::string& text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_pair = (byte == 0xC2 || byte == 0xC3) && i + 1 < text.size();
    bytes += is_pair ? static_cast<char>((byte & 0x03) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F)) : text[i];
  }
  return bytes;
}

Json json_of(const Trick& trick) {
  Json json{{"kind", name_of(trick.kind)}};
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) json[name] = text_of_bytes(text);
  };
  add("name", trick.name);
  add("text", trick.text);
  add("tail", trick.tail);
  if (trick.at != 0) json["at"] = trick.at;
  if (trick.cut != 0) json["cut"] = trick.cut;
  if (trick.count != 1) json["count"] = trick.count;
  return json;
}

Json json_of(const Call& call) {
  Json json{{"call", call.operation->id}};
  Json& with = json["with"] = Json::object();
  for (const auto& [name, value] : call.parts.parameters) with[name] = value;
  if (call.parts.credential) json["as"] = text_of_bytes(*call.parts.credential);
  if (!call.parts.omitted.empty()) json["without"] = call.parts.omitted;
  if (call.parts.body) json["body"] = *call.parts.body;
  if (call.raw_body) {
    json["raw"] = {{"type", text_of_bytes(call.raw_body->content_type)}, {"text", text_of_bytes(call.raw_body->text)}};
  }
  if (!call.bound.empty()) json["bound"] = call.bound;
  for (const Trick& trick : call.tricks) json["tricks"].push_back(json_of(trick));
  return json;
}

std::string text_at(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? bytes_of_text(found->get<std::string>()) : "";
}

size_t number_at(const Json& json, const char* name, size_t otherwise) {
  const auto found = json.find(name);
  return found != json.end() && found->is_number_unsigned() ? found->get<size_t>() : otherwise;
}

std::optional<Trick> trick_of(const Json& json) {
  if (!json.is_object()) return std::nullopt;
  const std::string kind = text_at(json, "kind");
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](Trick::Kind one) { return name_of(one) == kind; });
  if (found == kinds.end()) return std::nullopt;
  return Trick{*found,
               text_at(json, "name"),
               text_at(json, "text"),
               text_at(json, "tail"),
               number_at(json, "at", 0),
               number_at(json, "cut", 0),
               number_at(json, "count", 1)};
}

std::optional<Call> call_of(const conformance::Suite& suite, const Json& json) {
  if (!json.is_object()) return std::nullopt;
  Call call;
  call.operation = suite.contract().find_operation(text_at(json, "call"));
  if (call.operation == nullptr) return std::nullopt;
  const Json none = Json::object();
  const auto with = json.find("with");
  const auto& parameters = call.operation->parameters;
  for (const auto& [name, value] : (with == json.end() ? none : *with).items()) {
    const bool known =
        std::any_of(parameters.begin(), parameters.end(), [&key = name](const auto& one) { return one.name == key; });
    if (known) call.parts.parameters.emplace_back(name, value);
  }
  if (json.contains("as")) call.parts.credential = text_at(json, "as");
  if (const auto without = json.find("without"); without != json.end() && without->is_array()) {
    for (const Json& name : *without) {
      if (name.is_string()) call.parts.omitted.push_back(name);
    }
  }
  if (const auto body = json.find("body"); body != json.end()) call.parts.body = *body;
  if (const auto raw = json.find("raw"); raw != json.end() && raw->is_object()) {
    call.raw_body = conformance::RawBody{text_at(*raw, "type"), text_at(*raw, "text")};
  }
  call.bound = text_at(json, "bound");
  if (const auto tricks = json.find("tricks"); tricks != json.end() && tricks->is_array()) {
    for (const Json& one : *tricks) {
      auto trick = trick_of(one);
      if (trick && call.tricks.size() < sequence_tricks_max) call.tricks.push_back(*std::move(trick));
    }
  }
  return call;
}

}  // namespace

std::string write_sequence(const Sequence& sequence) {
  Json json = Json::array();
  for (const Call& call : sequence) json.push_back(json_of(call));
  return document::write_json(json);
}

std::optional<Sequence> read_sequence(const conformance::Suite& suite, std::string_view text) {
  const auto json = document::parse_json(text);
  if (!json || !json->is_array()) return std::nullopt;
  Sequence sequence;
  for (const Json& one : *json) {
    auto call = call_of(suite, one);
    if (call && sequence.size() < sequence_calls_max) sequence.push_back(*std::move(call));
  }
  return sequence;
}

}  // namespace counterpart::fuzz::server

#include "fuzz/inputs/sequence.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace counterpart::fuzz {

using contract::Json;

namespace {

constexpr std::array<std::string_view, 8> methods{"GET", "DELETE", "POST", "HEAD", "OPTIONS", "PUT", "get", "TRACE"};
constexpr int64_t clock_unit_ms = 20 * 60 * 1000;
constexpr uint8_t left_out = 0;
constexpr uint8_t written_out = 255;
constexpr size_t words_max = 200;
constexpr size_t text_bytes_max = 255;

std::vector<Json> make_words(const ShippedContract& shipped) {
  std::vector<Json> words;
  const auto add = [&](const Json& word) {
    if (words.size() < words_max && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  };
  for (const auto& variable : shipped.engine->contract().variables.items()) add(variable.value());
  for (const Json& odd : {Json(""),
                          Json(0),
                          Json(1),
                          Json(2),
                          Json(-1),
                          Json(50),
                          Json(100),
                          Json(101),
                          Json(1.5),
                          Json(true),
                          Json(false),
                          Json(nullptr),
                          Json("maybe"),
                          Json("a/b"),
                          Json("%"),
                          Json(".."),
                          Json("\xff"),
                          Json("\u00e9\U0001F600"),
                          Json("9223372036854775807"),
                          Json("1e3"),
                          Json("insert"),
                          Json(Json::array({1, 1}))}) {
    add(odd);
  }
  for (size_t i = 0; i < shipped.initial->collections(); ++i) {
    const state::Collection& collection = shipped.initial->shared(i);
    for (const state::Item* item : collection.all().slice(0, words_max)) add(item->value.at(collection.spec().key));
  }
  return words;
}

void append_text(std::string& out, std::string_view text) {
  text = text.substr(0, text_bytes_max);
  out += static_cast<char>(text.size());
  out += text;
}

std::string plain_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

void append_value(std::string& out, const std::vector<Json>& words, const std::optional<Json>& value) {
  if (!value) {
    out += static_cast<char>(left_out);
    return;
  }
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const Json& word) { return word.type() == value->type() && word == *value; });
  if (found != words.end()) {
    out += static_cast<char>(1 + (found - words.begin()));
    return;
  }
  out += static_cast<char>(written_out);
  append_text(out, plain_text(*value));
}

void append_raw(std::string& out, size_t operation, const http::Request& request) {
  const auto method = std::find(methods.begin(), methods.end(), request.method);
  out += static_cast<char>(operation);
  out += static_cast<char>((request.headers.empty() ? 0 : extra_header) | (request.body.empty() ? 0 : has_body));
  out += static_cast<char>(method == methods.end() ? 0 : method - methods.begin());
  append_text(out, request.target);
  for (const http::Header& header : request.headers) {
    append_text(out, header.name);
    append_text(out, header.value);
    break;
  }
  if (!request.body.empty()) append_text(out, request.body);
}

}  // namespace

const std::vector<Json>& words_of(const ShippedContract& contract) {
  static const auto all = [] {
    std::unordered_map<const ShippedContract*, std::vector<Json>> words;
    for (const ShippedContract& shipped : shipped_contracts()) words.emplace(&shipped, make_words(shipped));
    return words;
  }();
  return all.at(&contract);
}

SequenceReader::SequenceReader(std::string_view bytes)
    : bytes_(bytes), contract_(shipped_contracts()[bytes_.below(shipped_contracts().size())]) {}

std::optional<Json> SequenceReader::value() {
  const uint8_t choice = bytes_.byte();
  if (choice == left_out) return std::nullopt;
  if (choice == written_out) return std::string(bytes_.text());
  const auto& words = words_of(contract_);
  return words[static_cast<size_t>(choice - 1) % words.size()];
}

http::Request SequenceReader::documented(const contract::Operation& operation) {
  contract::RequestParts parts;
  if (const auto credential = value()) parts.credential = plain_text(*credential);
  for (const contract::Parameter& parameter : operation.parameters) {
    const auto given = value();
    if (given) {
      parts.parameters.emplace_back(parameter.name, *given);
    } else if (parameter.literal && bytes_.byte() == written_out) {
      parts.omitted.push_back(parameter.name);
    }
  }
  return contract::build_request(contract_.engine->contract(), operation, parts);
}

std::optional<SequenceStep> SequenceReader::next() {
  if (bytes_.at_end() || ++requests_ > requests_max) return std::nullopt;
  SequenceStep step;
  step.begin = bytes_.offset();
  const auto& operations = contract_.engine->contract().operations;
  const size_t operation = bytes_.below(operations.size() + 1);
  const uint8_t oddities = bytes_.byte();
  if (operation < operations.size()) {
    step.request = documented(operations[operation]);
  } else {
    step.request.method = methods[bytes_.below(methods.size())];
    step.request.target = bytes_.text();
  }
  if (oddities & moves_clock) step.clock_moves_ms = bytes_.byte() * clock_unit_ms;
  if (oddities & other_method) step.request.method = methods[bytes_.below(methods.size())];
  if (oddities & extra_header) {
    std::string name(bytes_.text());
    step.request.headers.add(std::move(name), std::string(bytes_.text()));
  }
  if (oddities & has_body) step.request.body = bytes_.text();
  if (oddities & target_suffix) step.request.target += bytes_.text();
  step.end = bytes_.offset();
  return step;
}

std::string write_sequence(size_t contract, const std::vector<Sending>& sendings) {
  const ShippedContract& shipped = shipped_contracts()[contract];
  const auto& words = words_of(shipped);
  std::string bytes(1, static_cast<char>(contract));
  for (const Sending& sending : sendings) {
    if (sending.operation == nullptr) {
      append_raw(bytes, shipped.engine->contract().operations.size(), sending.raw);
      continue;
    }
    bytes += static_cast<char>(shipped.engine->contract().index_of(*sending.operation));
    const int64_t moves = std::min<int64_t>(sending.clock_moves_ms / clock_unit_ms, 255);
    bytes += static_cast<char>((moves > 0 ? moves_clock : 0) | (sending.parts.body ? has_body : 0));
    append_value(bytes, words,
                 sending.parts.credential ? std::optional<Json>(*sending.parts.credential) : std::nullopt);
    for (const contract::Parameter& parameter : sending.operation->parameters) {
      std::optional<Json> value;
      for (const auto& [name, given] : sending.parts.parameters) {
        if (name == parameter.name) value = given;
      }
      append_value(bytes, words, value);
      const auto& omitted = sending.parts.omitted;
      const bool is_omitted = std::find(omitted.begin(), omitted.end(), parameter.name) != omitted.end();
      if (!value && parameter.literal) bytes += static_cast<char>(is_omitted ? written_out : left_out);
    }
    if (moves > 0) bytes += static_cast<char>(moves);
    if (sending.parts.body) append_text(bytes, plain_text(*sending.parts.body));
  }
  return bytes;
}

}  // namespace counterpart::fuzz

#include "fuzz/server/causes.h"

#include <algorithm>

#include "conformance/bodies.h"
#include "conformance/checks/all.h"
#include "conformance/json_values.h"

namespace counterpart::fuzz::server {

namespace {

using conformance::Call;
using conformance::Finding;
using conformance::Trick;

/// Which kind of text or number: what programs tell apart when they fail.
std::string class_of(const conformance::Json& value) {
  if (value.is_boolean()) return "boolean";
  if (value.is_number()) {
    constexpr double large = 2147483647;
    const auto number = value.get<double>();
    if (number > large || number < -large - 1) return "large number";
    return number < 0 ? "negative number" : "number";
  }
  if (!value.is_string()) return value.type_name();
  const auto& text = value.get_ref<const std::string&>();
  constexpr size_t long_bytes = 200;
  if (text.empty()) return "empty text";
  if (text.size() > long_bytes) return "long text";
  const auto has = [&](auto fits) { return std::any_of(text.begin(), text.end(), fits); };
  if (has([](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; })) return "control characters";
  if (has([](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return "text past ASCII";
  if (has([](char c) { return !std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-'; })) return "signs";
  return "text";
}

bool is_odd(std::string_view kind) { return kind != "text" && kind != "number" && kind != "boolean"; }

/// Whether there is no calling the operation without it.
bool is_required(const contract::Operation& operation, std::string_view parameter) {
  return std::any_of(operation.parameters.begin(), operation.parameters.end(),
                     [&](const auto& one) { return one.name == parameter && one.required; });
}

/// A failure without a word of the server about what it was.
bool is_silent(const Finding& finding) { return finding.check == conformance::checks::no_server_error.id; }

bool is_trick(const std::string& feature) { return feature.starts_with("trick "); }

using Features = std::set<std::string>;

/// Of the body: what is odd in it, and what of it need not be there.
void add_body_features(const Call& call, Features& features) {
  const auto kind = conformance::body_kind(*call.operation);
  if (call.raw_body) features.insert("body: " + call.bound);
  if (!kind || call.raw_body) return;
  const bool is_required = call.operation->body.required;
  if (!call.parts.body) {
    if (is_required) features.insert("without the body");
    return;
  }
  const conformance::Json& body = *call.parts.body;
  if (!is_required) features.insert("body");
  if (!conformance::fits_body(*call.operation, body)) features.insert("body: does not fit");
  const conformance::Json flat = body.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    const std::string what = class_of(value);
    if (is_odd(what)) features.insert("body" + pointer + ": " + what);
  }
  if (!body.is_object() || !kind->is_json) return;
  const auto keywords = conformance::applied(kind->schema).keywords;
  const auto required = keywords.find("required");
  for (const auto& [name, value] : body.items()) {
    const bool is_needed =
        required != keywords.end() && std::find(required->begin(), required->end(), name) != required->end();
    if (!is_needed) features.insert("body/" + name);
  }
}

bool has_all(const Features& features, const Features& of) {
  return std::includes(features.begin(), features.end(), of.begin(), of.end());
}

bool is_told_as(const Finding& known, const Finding& finding) {
  const auto is_it = [&](const auto& cause) {
    return cause.check == finding.check && cause.subject == finding.subject && cause.message == finding.message;
  };
  return is_it(known) || std::any_of(known.also.begin(), known.also.end(), is_it);
}

bool is_same(const Found& known, const Finding& finding, const Features& features) {
  if (known.finding.check != finding.check || known.finding.message != finding.message) return false;
  if (!is_silent(finding)) return known.finding.subject == finding.subject;
  if (!has_all(features, known.features)) return false;
  const bool is_of_tricks =
      !known.features.empty() && std::all_of(known.features.begin(), known.features.end(), is_trick);
  return is_of_tricks || known.finding.subject == finding.subject;
}

}  // namespace

std::set<std::string> features_of(const Call& call) {
  std::set<std::string> features;
  for (const auto& [name, value] : call.parts.parameters) {
    const std::string kind = class_of(value);
    if (is_odd(kind) || !is_required(*call.operation, name)) features.insert(name + ": " + kind);
  }
  for (const std::string& name : call.parts.omitted) features.insert("without " + name);
  add_body_features(call, features);
  for (const Trick& trick : call.tricks) {
    std::string feature = "trick " + std::string(name_of(trick.kind));
    const bool is_named = trick.kind == Trick::Kind::header || trick.kind == Trick::Kind::repeat;
    if (is_named) feature += " " + http::lower_case(trick.name);
    if (trick.kind == Trick::Kind::method) feature += " " + trick.text;
    features.insert(feature);
  }
  return features;
}

std::set<std::string> carried_by(const std::vector<conformance::Sent>& sent) {
  if (sent.size() < 2) return {};
  const Call& before = sent[sent.size() - 2].call;
  Features carried = features_of(before);
  std::erase_if(carried, [](const std::string& feature) { return !is_trick(feature); });
  if (before.parts.body || before.raw_body) carried.insert("body");
  return carried;
}

Found* Causes::count(const Finding& finding, const std::vector<conformance::Sent>& sent) {
  const Features features = features_of(sent.back().call), carried = carried_by(sent);
  const auto same = std::find_if(all_.begin(), all_.end(), [&](const Found& known) {
    if (known.carried.empty()) return is_same(known, finding, features);
    return has_all(carried, known.carried) && is_told_as(known.finding, finding);
  });
  if (same == all_.end()) return nullptr;
  ++same->finding.count;
  return &*same;
}

bool Causes::add(Found found) {
  if (!found.sent.empty()) found.features = features_of(found.sent.back().call);
  const auto same = std::find_if(all_.begin(), all_.end(), [&](const Found& known) {
    if (known.carried.empty() != found.carried.empty()) return false;
    return known.carried.empty() ? is_same(known, found.finding, found.features)
                                 : has_all(found.carried, known.carried);
  });
  if (same == all_.end()) {
    all_.push_back(std::move(found));
    return true;
  }
  Finding& finding = same->finding;
  finding.count += found.finding.count;
  if (!found.carried.empty() && !is_told_as(finding, found.finding)) {
    // It is told with the others from now on.
    if (finding.also.empty()) finding.also.push_back({finding.check, finding.subject, finding.message, 1});
    finding.also.push_back({found.finding.check, found.finding.subject, found.finding.message, 1});
  }
  return false;
}

}  // namespace counterpart::fuzz::server

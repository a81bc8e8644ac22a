#include "fuzz/server/causes.h"

#include <algorithm>

#include "conformance/checks/all.h"

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

bool is_same(const Found& known, const Finding& finding, const std::set<std::string>& features) {
  if (known.finding.check != finding.check || known.finding.message != finding.message) return false;
  if (!is_silent(finding)) return known.finding.subject == finding.subject;
  if (!std::includes(features.begin(), features.end(), known.features.begin(), known.features.end())) return false;
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
  for (const Trick& trick : call.tricks) {
    std::string feature = "trick " + std::string(name_of(trick.kind));
    const bool is_named = trick.kind == Trick::Kind::header || trick.kind == Trick::Kind::repeat;
    if (is_named) feature += " " + http::lower_case(trick.name);
    if (trick.kind == Trick::Kind::method) feature += " " + trick.text;
    features.insert(feature);
  }
  return features;
}

Found* Causes::count(const Finding& finding, const Call& last) {
  const auto features = features_of(last);
  const auto same =
      std::find_if(all_.begin(), all_.end(), [&](const Found& known) { return is_same(known, finding, features); });
  if (same == all_.end()) return nullptr;
  ++same->finding.count;
  return &*same;
}

bool Causes::add(Found found) {
  if (!found.sent.empty()) found.features = features_of(found.sent.back().call);
  const auto same = std::find_if(all_.begin(), all_.end(),
                                 [&](const Found& known) { return is_same(known, found.finding, found.features); });
  if (same != all_.end()) {
    same->finding.count += found.finding.count;
    return false;
  }
  all_.push_back(std::move(found));
  return true;
}

}  // namespace counterpart::fuzz::server

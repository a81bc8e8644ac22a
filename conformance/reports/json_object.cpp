#include "conformance/reports/json_object.h"

#include <fmt/format.h>

#include "conformance/reports/text.h"
#include "engine/document/base64.h"

namespace counterpart::conformance::reports {

namespace {

/// Far above what a run counts, and far enough below the types' ends that sums of many reports stay inside.
constexpr uint64_t count_max = 1'000'000'000'000'000;
constexpr uint64_t instant_ms_max = 253'402'300'799'999;  ///< the end of the year 9999

}  // namespace

void fail(const std::string& path, const std::string& what) {
  throw WrongReport{one_line(path.empty() ? what : path + ": " + what)};
}

std::string bytes_of(const Json& value, const std::string& path) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_object() || value.size() != 1 || !value.contains("base64") || !value["base64"].is_string())
    fail(path, R"(expected a text, or {"base64": "..."})");
  auto bytes = document::from_base64(value["base64"].get_ref<const std::string&>());
  if (!bytes) fail(path, "this is no base64");
  return *std::move(bytes);
}

Object::Object(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
  if (!json.is_object()) fail(path_, "expected an object");
}

std::string Object::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

const Json* Object::find(const std::string& key) {
  const auto found = json_.find(key);
  if (found == json_.end()) return nullptr;
  asked_.insert(key);
  return &*found;
}

const Json& Object::at(const std::string& key) {
  const Json* found = find(key);
  if (found == nullptr) fail(path_, fmt::format("\"{}\" is missing", key));
  return *found;
}

uint64_t Object::number(const std::string& key, uint64_t max) {
  const Json& value = at(key);
  if (!value.is_number_unsigned() || value.get<uint64_t>() > max)
    fail(path_of(key), fmt::format("expected a whole number from 0 to {}", max));
  return value.get<uint64_t>();
}

size_t Object::count(const std::string& key) { return number(key, count_max); }

int64_t Object::microseconds(const std::string& key) { return static_cast<int64_t>(number(key, count_max)); }

int64_t Object::instant(const std::string& key) { return static_cast<int64_t>(number(key, instant_ms_max)); }

const Json& Object::elements(const std::string& key) {
  const Json& values = at(key);
  if (!values.is_array()) fail(path_of(key), "expected a list");
  return values;
}

void Object::finish() const {
  if (asked_.size() == json_.size()) return;
  for (auto it = json_.begin(); it != json_.end(); ++it) {
    if (asked_.count(it.key()) == 0) fail(path_, fmt::format("unknown key \"{}\"", it.key()));
  }
}

}  // namespace counterpart::conformance::reports

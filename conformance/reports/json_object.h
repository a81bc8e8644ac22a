#pragma once
/// Reading one JSON object of a report with every key accounted for. Only for json_read.cpp: what is wrong is thrown.

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/report.h"

namespace counterpart::conformance::reports {

/// What is wrong, and where.
struct WrongReport {
  std::string sentence;
};

/// Throws WrongReport.
[[noreturn]] void fail(const std::string& path, const std::string& what);

/// A text as write_json writes it. Throws WrongReport.
std::string bytes_of(const Json& value, const std::string& path);

/// A JSON object that must have exactly the keys that are asked for. Everything throws WrongReport.
class Object {
 public:
  Object(const Json& json, std::string path);

  std::string path_of(std::string_view key) const;
  /// nullptr when it is not there.
  const Json* find(const std::string& key);
  const Json& at(const std::string& key);
  std::string text(const std::string& key) { return bytes_of(at(key), path_of(key)); }

  /// A whole number from 0 to `max`.
  uint64_t number(const std::string& key, uint64_t max);
  int small(const std::string& key, int max = std::numeric_limits<int>::max()) {
    return static_cast<int>(number(key, static_cast<uint64_t>(max)));
  }
  size_t count(const std::string& key);
  int64_t microseconds(const std::string& key);
  int64_t instant(const std::string& key);

  /// The value of the pair whose name the text is.
  template <class T>
  T choice(const std::string& key, std::initializer_list<std::pair<std::string_view, T>> choices) {
    const std::string name = text(key);
    std::string names;
    for (const auto& [one, value] : choices) {
      if (one == name) return value;
      names.append(names.empty() ? "\"" : ", \"").append(one).append("\"");
    }
    fail(path_of(key), "expected one of " + names + ", not \"" + name + "\"");
  }

  template <class T>
  std::vector<T> list(const std::string& key, T (*read)(const Json&, const std::string&)) {
    std::vector<T> result;
    for (const Json& value : elements(key))
      result.push_back(read(value, path_of(key) + "[" + std::to_string(result.size()) + "]"));
    return result;
  }
  const Json& elements(const std::string& key);

  /// To be called last: a key that was not asked for is an error.
  void finish() const;

 private:
  const Json& json_;
  std::string path_;
  std::set<std::string> asked_;
};

}  // namespace counterpart::conformance::reports

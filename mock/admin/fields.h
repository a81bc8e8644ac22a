#pragma once
/// Fields of an exchange in the words of the contract ("query.type", "headers.authorization", "body.items[1].id"): what
/// `where` of verify.cpp speaks of.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/url.h"
#include "mock/admin/endpoint.h"
#include "mock/journal.h"

namespace counterpart::mock::admin {

struct Field {
  enum class Part { method, target, path, query, headers, cookies, body, status, contract, operation, response, fault };
  Part part = Part::method;
  std::string name;  ///< behind the part's dot; "": all of it

  /// nullopt for a word that names no field.
  static std::optional<Field> parse(std::string_view text);
  /// The words a field may begin with.
  static std::vector<std::string> words();
};

/// An entry of the journal, taken apart as far as its fields are asked for. Borrows both.
class Exchange {
 public:
  Exchange(const JournalEntry& entry, const Stage& stage) : entry_(entry), stage_(stage) {}

  /// The value of a field; null where the exchange has none.
  Json value(const Field& field);
  /// Whether the field has that value. Members of a body equal as JSON does (1 and 1.0, but not 1 and "1"); what came
  /// as text equals the text of what is expected (50 and "50"). null is expected of what is not there.
  bool has(const Field& field, const Json& expected);

 private:
  const http::Target& target();
  const Json& body();
  Json path_parameter(const std::string& name);
  Json query_values(const std::string& name);
  Json all_query();
  Json cookies(const std::string& name) const;

  const JournalEntry& entry_;
  const Stage& stage_;
  std::optional<http::Target> target_;
  std::optional<Json> body_;
};

}  // namespace counterpart::mock::admin

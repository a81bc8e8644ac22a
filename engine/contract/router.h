#pragma once
/// Finds the operation a request is for. Cost: the path's length and the request's own parameters, however many
/// operations there are, on however many paths, or all on one.
///
/// A path is walked down a tree, a literal segment before a {parameter}, the leftmost difference deciding. Where
/// several operations share path and method, those whose `const` parameters the request has are candidates; more of
/// them beat fewer, of as many the first written wins, and an operation without any takes what is left.

#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/contract.h"

namespace counterpart::contract {

/// What selection asks of a request, beside method and path.
class Facts {
 public:
  virtual ~Facts() = default;
  /// The text of a parameter (the first, when repeated), or nullopt: query, header and cookie as decoded text, a field
  /// of a JSON body as compact JSON. The text holds until the next call.
  virtual std::optional<std::string_view> value(Place in, std::string_view name) = 0;
  /// The names of the parameters the request has at a place; of header fields in lower case.
  virtual std::vector<std::string> names(Place in) = 0;
};

/// What a literal looks like to Facts::value.
std::string fact_text(Place in, const Json& literal);

class Router {
 public:
  Router();
  ~Router();

  /// Adds an operation, known by `index`. When it cannot be told apart from an earlier one, that one's index; it is
  /// then not added.
  std::optional<size_t> add(const Operation& operation, size_t index);
  /// To be called once after the last add().
  void finish();

  /// The index of an operation whose path some request could share with `operation`'s, if there is one.
  std::optional<size_t> overlapping(const Operation& operation) const;

  struct Match {
    std::optional<size_t> operation;
    bool path_known = false;                ///< some operation has this path, if with another method or parameter
    std::vector<std::string_view> methods;  ///< of the operations with this path, for Allow; GET brings HEAD
  };
  /// HEAD finds the GET operation where there is no HEAD one. `segments` as http::parse_target gives them.
  Match find(std::string_view method, const std::vector<std::string>& segments, Facts& facts) const;

 private:
  struct Node;
  struct Candidates;
  struct Walk;

  Node* new_node(std::string_view text);

  /// Holds the tree, packed: it is what a search jumps about in, and with thousands of operations each jump to another
  /// page of memory would cost more than the rest of the search.
  std::pmr::monotonic_buffer_resource memory_;
  std::vector<std::unique_ptr<Candidates>> all_candidates_;
  Node* root_;
};

}  // namespace counterpart::contract

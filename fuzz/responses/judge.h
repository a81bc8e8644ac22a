#pragma once
/// Says how legal an answer is, by the contract alone: the one place that decides it, whoever made the answer.
///
/// Broken: what is not of its content type (no JSON where JSON is said, no UTF-8), a body where none may be, a header or
/// status that HTTP has not. Nearly legal: well-formed, but another status, content type, header or body than the
/// response has; a key twice; JSON that readers may refuse (deeper than document::json_depth_max, numbers past a double,
/// halves of surrogates). What a body may be, its schema says; where the contract has none, the shape of its template:
/// literals as printed, and holes with the types and fields that documented bodies have there. All else is legal.

#include <unordered_map>
#include <vector>

#include "conformance/suite.h"
#include "fuzz/responses/structure.h"
#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

/// Thread-safe.
class Judge {
 public:
  /// The suite must outlive it.
  explicit Judge(const conformance::Suite& suite);

  /// Looks at `response` and `answer`; not at what the variant says of itself.
  Legality judge(const Variant& variant) const;

  /// documented_answers() of the suite: what it has learned from.
  const std::vector<Variant>& documented() const { return documented_; }

 private:
  void learn(const contract::Response& response, const std::string& body);
  bool has_documented_headers(const Variant& variant) const;
  bool has_documented_body(const contract::Response& response, const document::Json& body) const;

  const conformance::Suite& suite_;
  std::vector<Variant> documented_;
  std::unordered_map<const conformance::Shape*, Structure> holes_;
};

}  // namespace counterpart::fuzz

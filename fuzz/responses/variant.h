#pragma once
/// A documented answer, as it is or made worse: what the kit gives to parsers and `fuzz client` gives to clients.

#include <string>
#include <string_view>
#include <vector>

#include "engine/contract/contract.h"
#include "engine/http/message.h"

namespace counterpart::fuzz {

/// How far an answer is from what its contract documents.
enum class Legality {
  legal,         ///< unusual perhaps, but what the contract documents
  nearly_legal,  ///< well-formed, but not what the contract documents
  broken,        ///< not even of its content type
};

/// "legal", "nearly legal", "broken".
std::string_view name_of(Legality legality);

struct Variant {
  const contract::Operation* operation = nullptr;
  const contract::Response* response = nullptr;  ///< the documented one it comes from
  http::Response answer;                         ///< without the Counterpart-* headers
  Legality legality = Legality::legal;
  std::vector<std::string> changes;  ///< in words: "/sessions/0/id: a number as text"

  static constexpr size_t body_bytes_max = 1u << 20;
  static constexpr size_t changes_max = 32;  ///< past it nothing more is changed
};

/// "killSession/killed".
std::string name_of(const Variant& variant);

}  // namespace counterpart::fuzz

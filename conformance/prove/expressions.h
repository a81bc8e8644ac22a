#pragma once
/// Mutants of one expression's text: the slips that servers really have. Worked on as text, token by token: a mutant that
/// is no Lua any more is no mutant, and the loader says so.

#include <string>
#include <string_view>
#include <vector>

namespace counterpart::conformance {

struct MutatedText {
  std::string what;  ///< "page + 1", "without sellerkey", ...; unique for one text
  std::string text;
};

/// Of any expression. `default_credential` is an expression for the credential that a client has by default.
std::vector<MutatedText> mutated_expression(std::string_view code, std::string_view default_credential);
/// Of a condition: also its halves.
std::vector<MutatedText> mutated_condition(std::string_view code, std::string_view default_credential);
/// Of statements: also each left out, and each remover widened.
std::vector<MutatedText> mutated_statements(std::string_view code, std::string_view default_credential);

}  // namespace counterpart::conformance

#pragma once
/// The holes of a scalar, `text ${expression} text`: where templates find their expressions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::expression {

/// A piece of a scalar's text.
struct Piece {
  bool hole;         ///< then `text` is the expression
  std::string text;  ///< else as it is: `$${` has become `${`
  size_t offset;     ///< of a hole's text in the scalar
  int line;          ///< of a hole's text in the scalar, from 0
};

/// A scalar's text cut at its holes, at least one piece; nullopt when a hole never ends.
std::optional<std::vector<Piece>> cut_at_holes(std::string_view text);

}  // namespace counterpart::expression

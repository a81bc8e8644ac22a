#pragma once
/// What is wrong with a file somebody wrote, and where: the one form in which every loader of the engine
/// reports. Loaders collect all diagnostics of a run in a Diagnostics and never stop at the first.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::document {

/// A place in a file. Lines and columns count from 1; columns count bytes. 0 means "not known".
struct Position {
  int line = 0;
  int column = 0;
};

/// A file as it was read. `name` is the path as the user gave it, `text` the whole content.
struct Source {
  std::string name;
  std::string text;
};

/// A place in a named file. Keeps its Source alive, so run-time errors can quote the contract.
struct Location {
  std::shared_ptr<const Source> source;
  Position at;

  /// "contract.yaml:12:5"; without the column where that is unknown, without the line where that is.
  std::string text() const;
};

enum class Severity { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  Location where;
  size_t width = 1;     ///< how many bytes the caret line marks, at least 1
  std::string message;  ///< what was found and what was expected; one sentence, no full stop
  std::string hint;     ///< what to do, e.g. `did you mean "respond"?`; may be empty

  /// The diagnostic as the terminal shows it, ending in a newline:
  ///
  ///     scenarios/x/contract.yaml:12:5: error: unknown key "respnd" in a rule
  ///        12 |     respnd: killed
  ///           |     ^~~~~~
  ///           = hint: did you mean "respond"?
  ///
  /// Long lines are cut around the caret, tabs and control bytes are made harmless; `colour` adds ANSI escapes.
  std::string render(bool colour) const;
};

/// Collects diagnostics in the order they were found. At most `diagnostics_max` are kept, the rest is counted,
/// so a hostile file cannot grow the report without end.
class Diagnostics {
 public:
  static constexpr size_t diagnostics_max = 100;

  void add(Diagnostic diagnostic);
  void error(Location where, std::string message, std::string hint = {}, size_t width = 1);
  void warning(Location where, std::string message, std::string hint = {}, size_t width = 1);
  /// Adds what `other` kept, and counts what it left out.
  void add_all(const Diagnostics& other);

  bool has_errors() const { return errors_ > 0; }
  size_t errors() const { return errors_; }
  size_t warnings() const { return warnings_; }
  const std::vector<Diagnostic>& all() const { return all_; }

  /// Every kept diagnostic, sorted by file and position, then a line that says how many were left out, if any.
  std::string render(bool colour) const;

 private:
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
};

/// The candidate nearest to `word`, or "": edit distance, letter case ignored, swapped neighbours counting as one; at
/// most a third of the word's length, at least 1, but never all of the word.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `did you mean "x"?` for the nearest candidate, else `expected one of: a, b, c` (cut after 12), or "" for none.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace counterpart::document

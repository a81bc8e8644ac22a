/// Names that no expression can know, lets that need themselves, expressions that would change the state: found at load,
/// not in a request.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/contract/load_parts.h"
#include "engine/expression/method_calls.h"
#include "engine/expression/names.h"
#include "engine/expression/tokens.h"

namespace counterpart::contract {

using expression::Names;
using expression::NameUse;
using expression::Snippet;
using expression::SnippetId;

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The column of a whole word in a line, not before `from` (from 1); 0 when it is not there.
int column_of(std::string_view line, std::string_view word, size_t from) {
  for (size_t at = line.find(word, from > 0 ? from - 1 : 0); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool whole =
        (at == 0 || !is_name_character(line[at - 1])) && (end == line.size() || !is_name_character(line[end]));
    if (whole) return static_cast<int>(at) + 1;
  }
  return 0;
}

std::string_view line_of(std::string_view text, int number) {
  for (; number > 1 && !text.empty(); --number) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text.substr(0, text.find('\n'));
}

/// Where a word of the snippet's code stands in the file. YAML may have folded or unescaped the code: then where the
/// snippet begins.
document::Position position_of(const Snippet& snippet, std::string_view word, size_t offset) {
  const std::string_view before = std::string_view(snippet.code).substr(0, offset);
  const int lines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  document::Position at{snippet.where.at.line + lines, 0};
  const bool first = lines == 0;
  // In its own line a word cannot stand further left than in the code.
  const size_t in_line = offset - (first ? 0 : before.rfind('\n') + 1);
  const size_t from = static_cast<size_t>(first ? std::max(snippet.where.at.column, 1) : 1) + in_line;
  at.column = column_of(line_of(snippet.where.source->text, at.line), word, from);
  return at.column > 0 ? at : snippet.where.at;
}

class Checker {
 public:
  Checker(const expression::Program& program, const KnownNames& known, const Reading& reading)
      : program_(program), known_(known), reading_(reading) {
    for (SnippetId id = 0; id < program.size(); ++id) {
      names_.push_back(expression::names_of(program.at(id)));
      says_env_ = says_env_ || names_.back().says_env;
      assigned_.insert(names_.back().assigned.begin(), names_.back().assigned.end());
    }
  }

  void check(const std::set<SnippetId>& broken) {
    if (says_env_) return;  // every name may mean something
    for (SnippetId id = 0; id < program_.size(); ++id) {
      if (reports_ >= document::Diagnostics::diagnostics_max) return;  // no more would be shown
      if (!broken.contains(id)) check_snippet(id);
    }
    check_lets();
  }

 private:
  /// Only `do` may change the state. A let may be one's that a `do` uses.
  void check_changes(SnippetId id) {
    const Snippet& snippet = program_.at(id);
    const bool is_let =
        std::any_of(known_.lets.begin(), known_.lets.end(), [id](const Let& let) { return let.expression == id; });
    if (snippet.statements || is_let) return;
    const std::vector<expression::Token> tokens = expression::tokens_of(snippet.code);
    for (size_t i = 1; i < tokens.size(); ++i) {
      if (tokens[i - 1].text != ":" || !expression::changes_state(tokens[i].text)) continue;
      ++reports_;
      reading_.error(position_of(snippet, tokens[i].text, tokens[i].offset),
                     fmt::format("only `do` may change the state, and \"{}\" changes it", tokens[i].text), {},
                     tokens[i].text.size());
    }
  }

  void check_snippet(SnippetId id) {
    check_changes(id);
    std::set<std::string_view> told;
    for (const NameUse& use : names_[id].uses) {
      if (!is_known(id, use.name)) {
        if (!told.insert(use.name).second) continue;
        std::vector<std::string> candidates = id < known_.world_end ? known_.world : known_.all;
        candidates.insert(candidates.end(), assigned_.begin(), assigned_.end());
        const auto& builtins = expression::Interpreter::builtin_names();
        candidates.insert(candidates.end(), builtins.begin(), builtins.end());
        report(id, use.name, use.offset, fmt::format("nothing is named \"{}\" here", use.name), candidates);
        continue;
      }
      if (use.member.empty() || assigned_.contains(use.name)) continue;
      const auto members = expression::library_members(use.name);
      if (members.empty() || std::find(members.begin(), members.end(), use.member) != members.end()) continue;
      report(id, use.member, use.member_offset, fmt::format("there is no {}.{}", use.name, use.member), members);
    }
  }

  bool is_known(SnippetId id, const std::string& name) const {
    const auto is_in = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    return is_in(expression::Interpreter::builtin_names()) || assigned_.contains(name) ||
           is_in(id < known_.world_end ? known_.world : known_.all) ||
           (name == "response" && known_.observers.contains(id));
  }

  void report(SnippetId id, std::string_view word, size_t offset, std::string message,
              const std::vector<std::string>& candidates) {
    ++reports_;
    const document::Position at = position_of(program_.at(id), word, offset);
    const std::string near = document::nearest(word, candidates);
    reading_.error(at, std::move(message), near.empty() ? "" : fmt::format("did you mean \"{}\"?", near), word.size());
  }

  /// A let is open while those that it reads at once are looked at: to meet an open one is to go round in a circle.
  void check_lets() {
    for (const Let& let : known_.lets) follow(let);
  }

  void follow(const Let& let) {
    if (done_.contains(let.expression)) return;
    const auto begin = std::find_if(open_.begin(), open_.end(), [&](const Let* other) { return other == &let; });
    if (begin == open_.end()) {
      open_.push_back(&let);
      for (const NameUse& use : names_[let.expression].uses) {
        if (use.in_function || assigned_.contains(use.name)) continue;
        for (const Let& needed : known_.lets) {
          if (needed.name == use.name) follow(needed);
        }
      }
      open_.pop_back();
      done_.insert(let.expression);
      return;
    }
    std::string circle;
    for (auto step = begin; step != open_.end(); ++step) circle += fmt::format("{} needs ", (*step)->name);
    const document::Location& where = program_.at(let.expression).where;
    reading_.error(where.at, fmt::format("the let \"{}\" needs itself: {}{}", let.name, circle, let.name));
  }

  const expression::Program& program_;
  const KnownNames& known_;
  const Reading& reading_;
  std::vector<Names> names_;
  std::set<std::string, std::less<>> assigned_;
  bool says_env_ = false;
  size_t reports_ = 0;
  std::vector<const Let*> open_;
  std::set<SnippetId> done_;
};

}  // namespace

void check_names(const expression::Program& program, const std::set<SnippetId>& broken, const KnownNames& known,
                 const Reading& reading) {
  Checker(program, known, reading).check(broken);
}

}  // namespace counterpart::contract

#include "conformance/prove/expressions.h"

#include <algorithm>
#include <array>

namespace counterpart::conformance {

namespace {

bool is_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

struct Token {
  size_t begin;
  size_t end;
};

/// Words, numbers, strings and single other characters; `~=`, `==`, `<=`, `>=` and `..` are one token.
std::vector<Token> tokens_of(std::string_view code) {
  std::vector<Token> tokens;
  for (size_t i = 0; i < code.size();) {
    const size_t begin = i;
    const char c = code[i];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++i;
      continue;
    }
    if (is_name(c)) {
      while (i < code.size() && is_name(code[i])) ++i;
    } else if (c == '"' || c == '\'') {
      for (++i; i < code.size() && code[i] != c; ++i) {
        if (code[i] == '\\') ++i;
      }
      i = std::min(i + 1, code.size());
    } else {
      static constexpr std::array pairs = {"~=", "==", "<=", ">=", ".."};
      const bool is_pair = std::find(pairs.begin(), pairs.end(), code.substr(i, 2)) != pairs.end();
      i += is_pair ? 2 : 1;
    }
    tokens.push_back({begin, i});
  }
  return tokens;
}

class Mutator {
 public:
  Mutator(std::string_view code, std::string_view default_credential)
      : code_(code), default_credential_(default_credential), tokens_(tokens_of(code)) {}

  std::vector<MutatedText> take() { return std::move(mutants_); }

  void expression() {
    for (size_t i = 0; i < tokens_.size(); ++i) {
      ignore_credential(i);
      widen_filter(i);
      shift_page(i);
      turn_around(i);
    }
  }

  /// `a or b`, `a and b` on the outermost level: each half alone.
  void halves() {
    int depth = 0;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      depth += depth_of(i);
      const std::string_view word = at(i);
      if (depth != 0 || (word != "or" && word != "and")) continue;
      add("without what follows " + nth(word, i), std::string(code_.substr(0, tokens_[i].begin)));
      add("without what precedes " + nth(word, i), std::string(code_.substr(tokens_[i].end)));
    }
  }

  /// Each line that is a statement, left out; `x:remove(y)` removes all.
  void statements() {
    for (size_t begin = 0; begin < code_.size();) {
      const size_t end = std::min(code_.find('\n', begin), code_.size());
      const std::string_view line = code_.substr(begin, end - begin);
      const size_t first = line.find_first_not_of(' ');
      if (first != std::string_view::npos) {
        std::string rest(code_);
        rest.erase(begin, end - begin);
        add("without \"" + std::string(line.substr(first)) + "\"", std::move(rest));
      }
      begin = end + 1;
    }
    for (size_t i = 2; i + 1 < tokens_.size(); ++i) {
      if (at(i) != "remove" || at(i - 1) != ":" || at(i + 1) != "(") continue;
      const size_t close = closing(i + 1);
      add("removes all of " + std::string(at(i - 2)), std::string(code_.substr(0, tokens_[i].begin)) +
                                                          "remove_if(function() return true end)" +
                                                          std::string(code_.substr(tokens_[close].end)));
    }
  }

 private:
  std::string_view at(size_t token) const {
    return code_.substr(tokens_[token].begin, tokens_[token].end - tokens_[token].begin);
  }

  int depth_of(size_t token) const {
    const std::string_view text = at(token);
    if (text == "(" || text == "{" || text == "[") return 1;
    return text == ")" || text == "}" || text == "]" ? -1 : 0;
  }

  /// The token that closes the bracket at `open`; the last one when none does.
  size_t closing(size_t open) const {
    int depth = 0;
    for (size_t i = open; i < tokens_.size(); ++i) {
      depth += depth_of(i);
      if (depth == 0) return i;
    }
    return tokens_.size() - 1;
  }

  /// "or 2": the second one of the text.
  std::string nth(std::string_view word, size_t token) const {
    int number = 1;
    for (size_t i = 0; i < token; ++i) number += at(i) == word ? 1 : 0;
    return std::string(word) + " " + std::to_string(number);
  }

  void add(std::string what, std::string text) { mutants_.push_back({std::move(what), std::move(text)}); }

  void replace(std::string what, size_t from, size_t to, std::string_view by) {
    std::string text(code_.substr(0, from));
    text += by;
    text += code_.substr(to);
    add(std::move(what), std::move(text));
  }

  void ignore_credential(size_t i) {
    const bool is_field = i > 0 && at(i - 1) == ".";
    const bool is_key = i + 1 < tokens_.size() && at(i + 1) == "=";
    if (at(i) != "credential" || is_field || is_key || default_credential_.empty()) return;
    replace("any credential will do, " + nth("credential", i), tokens_[i].begin, tokens_[i].end, default_credential_);
  }

  /// `where{ a = x, b = y }` without one of its fields.
  void widen_filter(size_t i) {
    static constexpr std::array filters = {"where", "first", "remove_where"};
    if (i == 0 || at(i - 1) != ":" || std::find(filters.begin(), filters.end(), at(i)) == filters.end()) return;
    if (i + 1 >= tokens_.size() || at(i + 1) != "{") return;
    const size_t close = closing(i + 1);
    size_t begin = i + 2;
    for (size_t j = i + 2, depth = 0; j <= close; ++j) {
      if (depth == 0 && (at(j) == "," || j == close) && begin < j) {
        const bool is_last = j == close;
        const size_t from = is_last && begin > i + 2 ? tokens_[begin - 1].begin : tokens_[begin].begin;
        const size_t to = is_last ? tokens_[j].begin : tokens_[j].end;
        replace(nth(at(i), i) + " without " + std::string(at(begin)), from, to, " ");
        begin = j + 1;
      }
      depth = static_cast<size_t>(static_cast<int>(depth) + (j < close ? depth_of(j) : 0));
    }
  }

  /// `page(list, number, size)`: number and size one more, one less.
  void shift_page(size_t i) {
    if (at(i) != "page" || i + 1 >= tokens_.size() || at(i + 1) != "(") return;
    const size_t close = closing(i + 1);
    std::vector<size_t> commas;
    for (size_t j = i + 2, depth = 0; j < close; ++j) {
      if (depth == 0 && at(j) == ",") commas.push_back(j);
      depth = static_cast<size_t>(static_cast<int>(depth) + depth_of(j));
    }
    if (commas.size() != 2) return;
    for (const char* shift : {" + 1", " - 1"}) {
      replace(std::string("page") + shift, tokens_[commas[1]].begin, tokens_[commas[1]].begin, shift);
      replace(std::string("size") + shift, tokens_[close].begin, tokens_[close].begin, shift);
    }
  }

  void turn_around(size_t i) {
    const std::string_view text = at(i);
    const auto by = [&](std::string_view other) {
      replace(nth(text, i) + " -> " + std::string(other), tokens_[i].begin, tokens_[i].end, other);
    };
    if (text == "\"desc\"") by("\"asc\"");
    if (text == "\"asc\"") by("\"desc\"");
    if (text == "ceil") by("floor");
    if (text == "floor") by("ceil");
    if (text == "==") by("~=");
    if (text == "~=") by("==");
    if (text == "#" && i + 1 < tokens_.size()) {
      replace(nth(text, i) + " one more", tokens_[i].begin, tokens_[i + 1].end,
              "(" + std::string(code_.substr(tokens_[i].begin, tokens_[i + 1].end - tokens_[i].begin)) + " + 1)");
    }
  }

  std::string_view code_;
  std::string_view default_credential_;
  std::vector<Token> tokens_;
  std::vector<MutatedText> mutants_;
};

}  // namespace

std::vector<MutatedText> mutated_expression(std::string_view code, std::string_view default_credential) {
  Mutator mutator(code, default_credential);
  mutator.expression();
  return mutator.take();
}

std::vector<MutatedText> mutated_condition(std::string_view code, std::string_view default_credential) {
  Mutator mutator(code, default_credential);
  mutator.expression();
  mutator.halves();
  return mutator.take();
}

std::vector<MutatedText> mutated_statements(std::string_view code, std::string_view default_credential) {
  Mutator mutator(code, default_credential);
  mutator.expression();
  mutator.statements();
  return mutator.take();
}

}  // namespace counterpart::conformance

#include "engine/expression/names.h"

#include <algorithm>
#include <set>

#include "engine/expression/tokens.h"

namespace counterpart::expression {
namespace {

constexpr std::ptrdiff_t assigned_tokens_max = 600;  ///< looked at for one `a, b, ... =`: Lua itself takes fewer

class Scan {
 public:
  explicit Scan(const Snippet& snippet) : tokens_(tokens_of(snippet.code)) {
    declared_.insert(snippet.locals.begin(), snippet.locals.end());
  }

  Names run() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      if (token().kind == Token::Kind::keyword) {
        keyword(token().text);
      } else if (token().kind == Token::Kind::name) {
        name();
      } else if (token().kind == Token::Kind::symbol) {
        bracket(token().text);
      }
    }
    std::erase_if(names_.uses, [this](const NameUse& use) { return declared_.contains(use.name); });
    std::erase_if(names_.assigned, [this](const std::string& name) { return declared_.contains(name); });
    return std::move(names_);
  }

 private:
  const Token& token(std::ptrdiff_t ahead = 0) const {
    static const Token none;
    const std::ptrdiff_t place = static_cast<std::ptrdiff_t>(at_) + ahead;
    return place < 0 || place >= static_cast<std::ptrdiff_t>(tokens_.size()) ? none
                                                                             : tokens_[static_cast<size_t>(place)];
  }
  bool is(std::ptrdiff_t ahead, std::string_view text) const {
    return token(ahead).kind != Token::Kind::text && token(ahead).text == text;
  }
  bool is_name(std::ptrdiff_t ahead) const { return token(ahead).kind == Token::Kind::name; }

  void declare(std::ptrdiff_t ahead) { declared_.emplace(token(ahead).text); }

  /// `a, b <const>, c` after the token at hand; stands on the last of it then.
  void declare_list() {
    while (is_name(1)) {
      declare(1);
      ++at_;
      if (is(1, "<") && is(3, ">")) at_ += 3;
      if (!is(1, ",")) break;
      ++at_;
    }
  }

  /// `function f(a, b)`, `function (a, b)`; of `function t.f()` the t is only read.
  void function_head() {
    open_.push_back('f');
    ++functions_;
    if (is_name(1)) {
      if (is(2, "(")) {
        names_.assigned.emplace_back(token(1).text);
      } else {
        names_.uses.push_back({std::string(token(1).text), {}, token(1).offset, 0, true});
      }
      while (at_ + 1 < tokens_.size() && !is(1, "(")) ++at_;
    }
    if (!is(1, "(")) return;
    ++at_;
    declare_list();
    open_.push_back('(');
  }

  void keyword(std::string_view word) {
    if (word == "local" && is(1, "function")) {
      ++at_;
      declare(1);
      function_head();
    } else if (word == "local" || word == "for") {
      declare_list();
    } else if (word == "function") {
      function_head();
    } else if (word == "if" || word == "do" || word == "repeat") {
      open_.push_back('d');
    } else if (word == "end" || word == "until") {
      close();
    } else if (word == "goto") {
      ++at_;
    }
  }

  void close() {
    if (open_.empty()) return;
    if (open_.back() == 'f') --functions_;
    open_.pop_back();
  }

  void bracket(std::string_view symbol) {
    if (symbol == "::" && is_name(1) && is(2, "::")) {
      at_ += 2;
    } else if (symbol == "(" || symbol == "[" || symbol == "{") {
      open_.push_back(symbol[0]);
    } else if (symbol == ")" || symbol == "]" || symbol == "}") {
      close();
    }
  }

  void name() {
    const std::string_view text = token().text;
    if (text == "_ENV") names_.says_env = true;
    if (is(-1, ".") || is(-1, ":")) return;  // a field, a method
    const bool in_table = !open_.empty() && open_.back() == '{';
    if (in_table && is(1, "=")) return;  // a key
    if ((open_.empty() || open_.back() == 'f' || open_.back() == 'd') && is_assigned()) {
      names_.assigned.emplace_back(text);
      return;
    }
    NameUse use{std::string(text), {}, token().offset, 0, functions_ > 0};
    if (is(1, ".") && is_name(2)) {
      use.member = token(2).text;
      use.member_offset = token(2).offset;
    }
    names_.uses.push_back(std::move(use));
  }

  /// Whether `= ...`, or `, b, c.d = ...`, follows. In arguments no list ends in "=".
  bool is_assigned() const {
    std::ptrdiff_t ahead = 1;
    while (ahead < assigned_tokens_max && is(ahead, ",") && is_name(ahead + 1)) {
      ahead += 2;
      for (int depth = 0; is(ahead, ".") || is(ahead, "[") || depth > 0; ++ahead) {
        if (token(ahead).kind == Token::Kind::end) return false;
        if (is(ahead, "[")) ++depth;
        if (is(ahead, "]")) --depth;
        if (is(ahead, ".")) ++ahead;
      }
    }
    return is(ahead, "=");
  }

  const std::vector<Token> tokens_;
  size_t at_ = 0;
  std::vector<char> open_;  ///< brackets, 'f' for functions, 'd' for other blocks
  size_t functions_ = 0;    ///< of `open_`
  std::set<std::string, std::less<>> declared_;
  Names names_;
};

}  // namespace

Names names_of(const Snippet& snippet) { return Scan(snippet).run(); }

}  // namespace counterpart::expression

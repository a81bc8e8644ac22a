/// Plain expressions read: Lua's own precedence, so much of its grammar as is needed.
#include <algorithm>
#include <charconv>

#include "engine/expression/interpreter.h"
#include "engine/expression/plain.h"
#include "engine/expression/tokens.h"

namespace counterpart::expression {

using Json = nlohmann::ordered_json;

namespace {

constexpr size_t locals_max = 100;  ///< Lua has a limit of its own

/// The value of a decimal numeral without exponent; null for any other.
Json number_of(std::string_view text) {
  const char* end = text.data() + text.size();
  int64_t integer = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer); stop == end) {
    return error == std::errc() ? Json(integer) : Json();
  }
  const size_t point = text.find('.');
  const bool simple = text.find_first_not_of("0123456789.") == std::string_view::npos && point == text.rfind('.');
  if (!simple || point == 0 || point + 1 == text.size()) return {};
  double real = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, real);
  return stop == end && error == std::errc() ? Json(real) : Json();
}

bool is_builtin(std::string_view name) {
  const auto& names = Interpreter::builtin_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What the tokens hide: comments, characters that Lua refuses.
bool is_readable(std::string_view code) {
  if (code.size() > Plain::code_bytes_max || code.find("--") != std::string_view::npos) return false;
  return std::none_of(code.begin(), code.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t';
  });
}

}  // namespace

/// Recursive descent; a method that meets what is not plain says so with fail(), and what it gives then is not used.
class PlainParser {
 public:
  explicit PlainParser(const Snippet& snippet) : tokens_(tokens_of(snippet.code)), locals_(snippet.locals) {}

  bool run() {
    for (const std::string& local : locals_) {
      if (local == "_ENV" || is_keyword(local)) return false;
    }
    either();
    return !failed_ && at_ == tokens_.size();
  }

  Plain take() { return std::move(plain_); }

 private:
  using Kind = Plain::Node::Kind;

  const Token& token() const {
    static const Token none;
    return at_ < tokens_.size() ? tokens_[at_] : none;
  }

  /// Whether the token is this symbol or keyword; then the next one is at hand.
  bool skip(std::string_view text) {
    const bool is =
        (token().kind == Token::Kind::symbol || token().kind == Token::Kind::keyword) && token().text == text;
    if (is) ++at_;
    return is;
  }

  uint8_t fail() {
    failed_ = true;
    at_ = tokens_.size();
    return 0;
  }

  uint8_t add(Plain::Node node) {
    if (plain_.nodes_.size() >= Plain::nodes_max) return fail();
    plain_.nodes_.push_back(std::move(node));
    return static_cast<uint8_t>(plain_.nodes_.size() - 1);
  }
  uint8_t add(Kind kind, uint8_t left, uint8_t right = 0) { return add({kind, left, right, {}, {}}); }
  uint8_t constant(Json value) { return add({Kind::constant, 0, 0, {}, std::move(value)}); }

  uint8_t either() {
    uint8_t left = both();
    while (skip("or")) left = add(Kind::either, left, both());
    return left;
  }

  uint8_t both() {
    uint8_t left = comparison();
    while (skip("and")) left = add(Kind::both, left, comparison());
    return left;
  }

  uint8_t comparison() {
    static constexpr std::pair<std::string_view, Kind> operators[] = {
        {"==", Kind::equal},   {"~=", Kind::unequal}, {"<", Kind::less},
        {"<=", Kind::at_most}, {">", Kind::greater},  {">=", Kind::at_least},
    };
    uint8_t left = unary();
    for (bool more = true; more;) {
      more = false;
      for (const auto& [symbol, kind] : operators) {
        if (!skip(symbol)) continue;
        left = add(kind, left, unary());
        more = true;
        break;
      }
    }
    return left;
  }

  uint8_t unary() {
    if (++depth_ > Plain::depth_max) return fail();
    uint8_t made = 0;
    if (skip("not")) {
      made = add(Kind::negation, unary());
    } else if (skip("#")) {
      made = add(Kind::length, unary());
    } else if (skip("-")) {
      made = number(true);
    } else {
      made = operand();
    }
    --depth_;
    return made;
  }

  uint8_t number(bool negative) {
    Json value = token().kind == Token::Kind::number ? number_of(token().text) : Json();
    if (value.is_null()) return fail();
    ++at_;
    if (negative) value = value.is_number_float() ? Json(-value.get<double>()) : Json(-value.get<int64_t>());
    return constant(std::move(value));
  }

  /// A text without escapes.
  uint8_t text() {
    const std::string_view quoted = token().text;
    const bool simple = quoted.size() > 1 && quoted[0] != '[' && quoted.back() == quoted[0] &&
                        quoted.find_first_of("\\\n\r") == std::string_view::npos;
    if (!simple) return fail();
    ++at_;
    return constant(std::string(quoted.substr(1, quoted.size() - 2)));
  }

  uint8_t operand() {
    if (token().kind == Token::Kind::number) return number(false);
    if (token().kind == Token::Kind::text) return text();
    if (skip("nil")) return add(Kind::absent, 0);
    if (skip("true")) return constant(true);
    if (skip("false")) return constant(false);
    if (token().kind == Token::Kind::name) return suffixed(name());
    if (!skip("(")) return fail();
    const uint8_t inner = either();
    return skip(")") ? suffixed(inner) : fail();
  }

  uint8_t name() {
    const std::string_view text = tokens_[at_++].text;
    for (size_t i = locals_.size(); i-- > 0;) {
      if (locals_[i] == text) return add(Kind::local, static_cast<uint8_t>(i));
    }
    plain_.has_names_ = true;
    if (text == "null") return constant(nullptr);
    if (text == "_ENV" || is_builtin(text)) return fail();
    return add({Kind::name, 0, 0, std::string(text), {}});
  }

  uint8_t suffixed(uint8_t object) {
    while (true) {
      if (skip(".")) {
        if (token().kind != Token::Kind::name) return fail();
        object = add({Kind::field, object, 0, std::string(tokens_[at_++].text), {}});
      } else if (skip("[")) {
        const uint8_t key = either();
        if (!skip("]")) return fail();
        object = add(Kind::index, object, key);
      } else {
        return object;
      }
    }
  }

  const std::vector<Token> tokens_;
  const std::vector<std::string>& locals_;
  size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  Plain plain_;
};

std::shared_ptr<const Plain> Plain::parse(const Snippet& snippet) {
  if (snippet.statements || snippet.locals.size() > locals_max || !is_readable(snippet.code)) return nullptr;
  PlainParser parser(snippet);
  return parser.run() ? std::make_shared<const Plain>(parser.take()) : nullptr;
}

}  // namespace counterpart::expression

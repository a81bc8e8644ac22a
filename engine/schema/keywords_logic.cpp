// allOf, anyOf, oneOf, not, if, then, else (JSON Schema 2020-12 core, 10.2).

#include <fmt/format.h>

#include "engine/schema/alternatives.h"
#include "engine/schema/check.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

namespace {

using Schemas = std::vector<const Compiled*>;

class AllCheck : public Check {
 public:
  explicit AllCheck(Schemas schemas) : schemas_(std::move(schemas)) {}

  bool run(const Json& value, const Visit& visit) const override {
    bool good = true;
    for (size_t i = 0; i < schemas_.size() && visit.goes_on(good); ++i) good &= visit.here(*schemas_[i], value, i);
    return good;
  }

 private:
  Schemas schemas_;
};

class AnyCheck : public Check {
 public:
  explicit AnyCheck(Schemas schemas) : schemas_(std::move(schemas)) {}

  bool run(const Json& value, const Visit& visit) const override {
    bool fits = false;
    for (const Compiled* schema : schemas_) {
      if (!visit.marks()) {
        if (visit.accepts(*schema, value)) return true;
        continue;
      }
      // Where marks are asked for, those of every schema that fits count.
      Marks marks;
      if (!visit.accepts(*schema, value, &marks)) continue;
      fits = true;
      if (!visit.pay(value.size() / 64)) return false;
      visit.marks()->add(marks);
    }
    return fits || fail_alternatives(schemas_, value, visit);
  }

 private:
  Schemas schemas_;
};

class OneCheck : public Check {
 public:
  explicit OneCheck(Schemas schemas) : schemas_(std::move(schemas)) {}

  bool run(const Json& value, const Visit& visit) const override {
    std::optional<size_t> fitting;
    for (size_t i = 0; i < schemas_.size() && visit.goes_on(true); ++i) {
      Marks marks;
      if (!visit.accepts(*schemas_[i], value, visit.marks() ? &marks : nullptr)) continue;
      if (fitting) {
        return visit.fail([&] {
          return Reason{fmt::format("as exactly one of {} schemas says", schemas_.size()),
                        fmt::format("as numbers {} and {} say", *fitting + 1, i + 1)};
        });
      }
      fitting = i;
      if (visit.marks()) visit.marks()->add(marks);
    }
    return fitting || fail_alternatives(schemas_, value, visit);
  }

 private:
  Schemas schemas_;
};

template <class Check>
std::unique_ptr<counterpart::schema::Check> compile_list(std::string_view keyword, const Node& value,
                                                         Compiler& compiler) {
  Schemas schemas = compiler.all_here(keyword, value);
  if (schemas.empty()) return nullptr;
  return std::make_unique<Check>(std::move(schemas));
}

std::unique_ptr<Check> compile_all(const Node& value, Compiler& compiler) {
  Schemas schemas = compiler.all_here("allOf", value);
  if (schemas.empty()) return nullptr;
  auto& also = compiler.compiled().also;
  also.insert(also.end(), schemas.begin(), schemas.end());
  return std::make_unique<AllCheck>(std::move(schemas));
}

std::unique_ptr<Check> compile_any(const Node& value, Compiler& compiler) {
  return compile_list<AnyCheck>("anyOf", value, compiler);
}

std::unique_ptr<Check> compile_one(const Node& value, Compiler& compiler) {
  return compile_list<OneCheck>("oneOf", value, compiler);
}

class NotCheck : public Check {
 public:
  explicit NotCheck(const Compiled* schema) : schema_(schema) {}

  bool run(const Json& value, const Visit& visit) const override {
    if (!visit.accepts(*schema_, value)) return true;
    return visit.fail([&] { return Reason{"other than \"not\" describes", summary(value)}; });
  }

 private:
  const Compiled* schema_;
};

std::unique_ptr<Check> compile_not(const Node& value, Compiler& compiler) {
  return std::make_unique<NotCheck>(compiler.here(value));
}

/// Either of the two others may be nullptr: anything fits.
class IfCheck : public Check {
 public:
  IfCheck(const Compiled* condition, const Compiled* then, const Compiled* otherwise)
      : condition_(condition), then_(then), otherwise_(otherwise) {}

  bool run(const Json& value, const Visit& visit) const override {
    Marks marks;
    const bool holds = visit.accepts(*condition_, value, visit.marks() ? &marks : nullptr);
    if (!visit.goes_on(true)) return false;
    if (holds && visit.marks()) visit.marks()->add(marks);
    if (holds) return !then_ || visit.beside("then", *then_, value);
    return !otherwise_ || visit.beside("else", *otherwise_, value);
  }

 private:
  const Compiled* condition_;
  const Compiled* then_;
  const Compiled* otherwise_;
};

std::unique_ptr<Check> compile_if(const Node& value, Compiler& compiler) {
  const Compiled* condition = compiler.here(value);
  const Node* then = compiler.siblings().find("then");
  const Node* otherwise = compiler.siblings().find("else");
  return std::make_unique<IfCheck>(condition, then ? compiler.here(*then) : nullptr,
                                   otherwise ? compiler.here(*otherwise) : nullptr);
}

/// Applied by "if"; without it, it says nothing.
std::unique_ptr<Check> compile_branch(const Node& value, Compiler& compiler) {
  if (compiler.siblings().find("if")) return nullptr;
  compiler.part(value);
  if (compiler.is_strict()) compiler.warning(value.at, "this says nothing without \"if\"");
  return nullptr;
}

}  // namespace

std::span<const Keyword> logic_keywords() {
  static constexpr Keyword keywords[] = {{"allOf", compile_all, applicator, Phase::parts, Shape::list},
                                         {"anyOf", compile_any, applicator, Phase::parts, Shape::list},
                                         {"oneOf", compile_one, applicator, Phase::parts, Shape::list},
                                         {"not", compile_not, applicator, Phase::parts, Shape::schema},
                                         {"if", compile_if, applicator, Phase::parts, Shape::schema},
                                         {"then", compile_branch, applicator, Phase::parts, Shape::schema},
                                         {"else", compile_branch, applicator, Phase::parts, Shape::schema}};
  return keywords;
}

}  // namespace counterpart::schema

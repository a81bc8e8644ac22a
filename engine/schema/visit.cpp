#include "engine/schema/visit.h"

#include "engine/schema/check.h"
#include "engine/schema/uri.h"
#include "engine/schema/value.h"

namespace counterpart::schema {

Compiled::Compiled() = default;
Compiled::~Compiled() = default;

std::string Path::pointer(const Path* path) {
  if (!path) return {};
  std::string result = pointer(path->parent);
  if (path->index) return result + '/' + std::to_string(*path->index);
  append_step(result, path->name);
  return result;
}

Visit Visit::with(const Path* schema) const {
  Visit visit = *this;
  visit.schema_ = schema;
  return visit;
}

void Visit::report(const Path* schema, Reason reason) const {
  violations_->push_back(
      {Path::pointer(instance_), Path::pointer(schema), std::move(reason.expected), std::move(reason.actual)});
}

bool Visit::apply(const Compiled& schema, const Json& value) const {
  if (!pay(1)) return false;
  if (run_->depth == application_depth_max) {
    run_->too_deep = true;
    return false;
  }
  ++run_->depth;
  bool good;
  if (schema.accepts_nothing) {
    good = fail([&] { return Reason{"absent", summary(value)}; });
  } else if (schema.anchors && (!scope_ || scope_->anchors != schema.anchors)) {
    const Scope scope{scope_, schema.anchors};
    Visit inside = *this;
    inside.scope_ = &scope;
    good = inside.apply_marking(schema, value);
  } else {
    good = apply_marking(schema, value);
  }
  --run_->depth;
  return good;
}

bool Visit::apply_marking(const Compiled& schema, const Json& value) const {
  if (!schema.has_unevaluated) return apply_keywords(schema, value);
  Marks marks;
  Visit inside = *this;
  inside.marks_ = &marks;
  const bool good = inside.apply_keywords(schema, value);
  if (marks_) marks_->add(marks);
  return good;
}

bool Visit::apply_keywords(const Compiled& schema, const Json& value) const {
  bool good = true;
  for (const Compiled::Entry& entry : schema.entries) {
    const Path keyword{schema_, entry.keyword};
    good &= entry.check->run(value, with(&keyword));
    if (!goes_on(good)) return good;
  }
  return good;
}

bool Visit::part(const Compiled& schema, const Json& value, std::string_view member,
                 std::string_view schema_step) const {
  const Path instance{instance_, member};
  const Path step{schema_, schema_step};
  Visit visit = with(schema_step.data() ? &step : schema_);
  visit.instance_ = &instance;
  visit.marks_ = nullptr;
  return visit.apply(schema, value);
}

bool Visit::part(const Compiled& schema, const Json& value, size_t index, std::optional<size_t> schema_step) const {
  const Path instance{instance_, {}, index};
  const Path step{schema_, {}, schema_step};
  Visit visit = with(schema_step ? &step : schema_);
  visit.instance_ = &instance;
  visit.marks_ = nullptr;
  return visit.apply(schema, value);
}

bool Visit::here(const Compiled& schema, const Json& value, size_t schema_step) const {
  const Path step{schema_, {}, schema_step};
  return with(&step).apply(schema, value);
}

bool Visit::here(const Compiled& schema, const Json& value, std::string_view schema_step) const {
  const Path step{schema_, schema_step};
  return with(&step).apply(schema, value);
}

bool Visit::beside(std::string_view keyword, const Compiled& schema, const Json& value) const {
  const Path path{schema_->parent, keyword};
  return with(&path).apply(schema, value);
}

bool Visit::accepts(const Compiled& schema, const Json& value, Marks* marks) const {
  Visit visit = *this;
  visit.violations_ = nullptr;
  visit.marks_ = marks;
  return visit.apply(schema, value);
}

std::vector<Violation> Visit::violations(const Compiled& schema, const Json& value,
                                         std::optional<size_t> schema_step) const {
  std::vector<Violation> found;
  const Path step{schema_, {}, schema_step};
  Visit visit = with(schema_step ? &step : schema_);
  visit.violations_ = &found;
  visit.apply(schema, value);
  return found;
}

const Compiled* Visit::dynamic_anchor(std::string_view name) const {
  const Compiled* outermost = nullptr;
  for (const Scope* scope = scope_; scope; scope = scope->parent) {
    if (!pay(1)) return nullptr;
    for (const auto& [anchor, schema] : *scope->anchors) {
      if (anchor == name) outermost = schema;
    }
  }
  return outermost;
}

size_t Visit::instance_depth() const {
  size_t depth = 0;
  for (const Path* path = instance_; path; path = path->parent) ++depth;
  return depth;
}

}  // namespace counterpart::schema

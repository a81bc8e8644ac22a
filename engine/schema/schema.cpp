#include "engine/schema/schema.h"

#include <fmt/format.h>

#include "engine/schema/library.h"
#include "engine/schema/value.h"
#include "engine/schema/visit.h"

namespace counterpart::schema {

namespace {

constexpr int also_steps_max = 64;  ///< a longer chain of $ref tells nothing of the types at its end

/// The first schema with what is looked for, among this one and those that apply wherever it does.
template <class Has>
const Compiled* find_also(const Compiled& schema, Has has, int& steps_left) {
  if (steps_left-- <= 0) return nullptr;
  if (has(schema)) return &schema;
  for (const Compiled* also : schema.also) {
    if (const Compiled* found = find_also(*also, has, steps_left)) return found;
  }
  return nullptr;
}

template <class Has>
const Compiled* find_also(const std::shared_ptr<const Compiled>& schema, Has has) {
  int steps_left = also_steps_max;
  return schema ? find_also(*schema, has, steps_left) : nullptr;
}

Violation exhaustion(const Run& run) {
  if (run.too_deep) {
    return {{},
            {},
            fmt::format("checked with at most {} schemas within each other", application_depth_max),
            "in need of more"};
  }
  return {{}, {}, fmt::format("checked within {} steps", validation_work_max), "not done by then"};
}

}  // namespace

std::string Violation::text() const {
  return fmt::format("{}{}must be {}, is {}", instance_path, instance_path.empty() ? "" : " ", expected, actual);
}

Schema::Schema() = default;
Schema::Schema(std::shared_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}

Schema Schema::compile(const document::Node& node, const std::shared_ptr<const document::Source>& source,
                       document::Diagnostics& diagnostics, const Options& options) {
  return Library(node, source, diagnostics, options).compile(node);
}

std::vector<Violation> Schema::validate(const Json& value) const {
  std::vector<Violation> violations;
  if (!compiled_) return violations;
  // Most values fit, and to find that out is cheaper than to keep track of where one is.
  Run quick;
  const bool fits = Visit(quick, nullptr).apply(*compiled_, value);
  if (quick.exhausted()) return {exhaustion(quick)};
  if (fits) return violations;
  Run run;
  Visit(run, &violations).apply(*compiled_, value);
  if (violations.empty()) violations.push_back(exhaustion(run));
  return violations;
}

const std::vector<std::string>& Schema::types() const {
  static const std::vector<std::string> none;
  const auto has = [](const Compiled& schema) { return !schema.types.empty(); };
  const Compiled* found = find_also(compiled_, has);
  return found ? found->types : none;
}

const Schema* Schema::items() const {
  const auto has = [](const Compiled& schema) { return schema.items.has_value(); };
  const Compiled* found = find_also(compiled_, has);
  return found ? &*found->items : nullptr;
}

const Json& Schema::source() const {
  static const Json anything = true;
  return compiled_ && compiled_->source ? *compiled_->source : anything;
}

std::optional<Schema> Schema::part(const Json& written) const {
  if (!compiled_) return std::nullopt;
  for (const Compiled* part : compiled_->parts) {
    if (part->source == &written) return Schema(std::shared_ptr<const Compiled>(compiled_, part));
  }
  return std::nullopt;
}

std::optional<Schema> Schema::resolve(std::string_view reference) const {
  if (!compiled_) return std::nullopt;
  for (const auto& [written, target] : compiled_->references) {
    if (written == reference) return Schema(std::shared_ptr<const Compiled>(compiled_, target));
  }
  return std::nullopt;
}

}  // namespace counterpart::schema

#include "engine/schema/compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/schema/check.h"

namespace counterpart::schema {

namespace {

constexpr std::array families = {general_keywords,   number_keywords,      string_keywords,     array_keywords,
                                 object_keywords,    property_keywords,    item_keywords,       logic_keywords,
                                 reference_keywords, unevaluated_keywords, description_keywords};

/// What takes the place of a schema that is wrong.
const Compiled* anything() {
  static const Compiled compiled;
  return &compiled;
}

}  // namespace

const Keyword* find_keyword(std::string_view name) {
  static const auto table = [] {
    std::unordered_map<std::string_view, const Keyword*> result;
    for (const auto family : families) {
      for (const Keyword& keyword : family()) result.emplace(keyword.name, &keyword);
    }
    return result;
  }();
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

const std::vector<std::string>& keyword_names(Draft draft) {
  const auto list = [](Draft of) {
    std::vector<std::string> names;
    for (const auto family : families) {
      for (const Keyword& keyword : family()) {
        if (keyword.is_in(of)) names.emplace_back(keyword.name);
      }
    }
    return names;
  };
  static const std::vector<std::string> seven = list(Draft::seven);
  static const std::vector<std::string> y2020 = list(Draft::y2020);
  return draft == Draft::seven ? seven : y2020;
}

Compiler::Compiler(const Node& document, const std::shared_ptr<const document::Source>& source,
                   document::Diagnostics& diagnostics, const Options& options)
    : options_(options),
      diagnostics_(diagnostics),
      model_(std::make_shared<Model>()),
      resources_(document, source, options, diagnostics, *model_) {}

Schema Compiler::compile(const Node& schema) {
  Place& place = resources_.note(schema);
  open_.push_back({&schema, place.context, nullptr});
  const Compiled* compiled = compile_in(schema);
  open_.pop_back();
  drain();
  cycles_.report(diagnostics_);
  return Schema(std::shared_ptr<const Compiled>(model_, compiled));
}

Schema Compiler::compile_copy(Node schema) {
  copies_.push_back(std::move(schema));
  return compile(copies_.back());
}

void Compiler::drain() {
  while (!waiting_.empty()) {
    const Node* schema = waiting_.front();
    waiting_.pop_front();
    open_.push_back({schema, resources_.find(*schema)->context, nullptr});
    compile_in(*schema);
    open_.pop_back();
  }
}

Compiled& Compiler::compiled(Place& place) {
  if (!place.compiled) {
    place.compiled = &model_->schemas.emplace_back();
    place.compiled->source = place.source;
  }
  return *place.compiled;
}

const Compiled* Compiler::compile_in(const Node& schema) {
  // The outermost entry of open_ only tells in which context the first schema stands.
  if (open_.size() > schema_depth_max) {
    error(schema.at, fmt::format("a schema nested deeper than {} levels", schema_depth_max));
    return anything();
  }
  if (!schema.is(Kind::map) && !schema.is(Kind::boolean)) {
    error(schema.at, fmt::format("expected a schema (a map, true or false), found {}", name_of(schema.kind)));
    return anything();
  }
  Place* place = resources_.find(schema);
  if (!place) place = &resources_.note(schema, open_.back().context);
  Compiled& result = compiled(*place);
  if (!place->is_filled) {
    place->is_filled = true;
    fill(schema, *place);
  }
  return &result;
}

void Compiler::fill(const Node& schema, Place& place) {
  Compiled& compiled = *place.compiled;
  const Context* context = place.context;
  compiled.accepts_nothing = schema.is(Kind::boolean) && !schema.boolean;
  open_.push_back({&schema, context, &compiled});
  take_anchors(*context->resource, compiled);
  fill_keywords(schema, compiled);
  open_.pop_back();
  const auto phase = [](const Compiled::Entry& entry) { return find_keyword(entry.keyword)->phase; };
  std::stable_sort(compiled.entries.begin(), compiled.entries.end(),
                   [&](const auto& a, const auto& b) { return phase(a) < phase(b); });
}

void Compiler::fill_keywords(const Node& schema, Compiled& compiled) {
  const Dialect dialect = open_.back().context->dialect;
  const bool is_reference = dialect.draft == Draft::seven && schema.find("$ref");
  for (const Member& member : schema.members) {
    const Keyword* keyword = find_keyword(member.key);
    if (!keyword || !keyword->is_in(dialect.draft)) {
      if (is_strict()) report_unknown(member, keyword);
      continue;
    }
    if (!keyword->compile) continue;
    if (is_reference && keyword->vocabulary != core) {
      if (is_strict()) {
        warning(member.key_at, fmt::format("\"{}\" means nothing beside $ref in draft 7", member.key), {},
                member.key.size());
      }
      continue;
    }
    const bool is_active = (dialect.vocabularies & keyword->vocabulary) != 0 ||
                           (keyword->vocabulary == format_annotation && asserts_formats());
    if (!is_active) continue;
    if (auto check = keyword->compile(member.value, *this))
      compiled.entries.push_back({keyword->name, std::move(check)});
  }
}

void Compiler::report_unknown(const Member& member, const Keyword* keyword) {
  const std::string& name = member.key;
  if (keyword) {
    const bool is_seven = draft() == Draft::seven;
    return error(member.key_at,
                 fmt::format("the keyword \"{}\" is not in {}", name, is_seven ? "draft 7" : "draft 2020-12"),
                 name == "additionalItems" ? "write \"items\" beside \"prefixItems\"" : "", name.size());
  }
  error(member.key_at, fmt::format("unknown keyword \"{}\" in a schema", name),
        resources_.has_room() ? suggestion(name, keyword_names(draft())) : "", std::max<size_t>(name.size(), 1));
}

/// Every schema of a resource may have to find those that `$dynamicAnchor` names in it.
void Compiler::take_anchors(Resource& resource, Compiled& compiled) {
  if (resource.dynamic_anchors.empty()) return;
  if (!resource.compiled_anchors) resource.compiled_anchors = &model_->anchors.emplace_back();
  DynamicAnchors& anchors = *resource.compiled_anchors;
  while (anchors.size() < resource.dynamic_anchors.size()) {
    const auto& [name, node] = resource.dynamic_anchors[anchors.size()];
    anchors.emplace_back(name, &this->compiled(*resources_.find(*node)));
    waiting_.push_back(node);
  }
  compiled.anchors = &anchors;
}

const Compiled* Compiler::part(const Node& schema) {
  const Compiled* compiled = compile_in(schema);
  this->compiled().parts.push_back(compiled);
  return compiled;
}

const Compiled* Compiler::here(const Node& schema) {
  const Compiled* compiled = part(schema);
  cycles_.add(&this->compiled(), {compiled, {open_.back().context->source, schema.at}, 0});
  return compiled;
}

std::vector<const Compiled*> Compiler::all_here(std::string_view keyword, const Node& list) {
  if (!list.is(Kind::list)) {
    wrong_type(keyword, list, "a list of schemas");
    return {};
  }
  if (list.items.empty()) error(list.at, fmt::format("\"{}\" needs at least one schema", keyword));
  std::vector<const Compiled*> result;
  for (const Node& schema : list.items) result.push_back(here(schema));
  return result;
}

Compiler::Reference Compiler::reference(std::string_view keyword, const Node& value) {
  if (!value.is(Kind::text)) {
    wrong_type(keyword, value, "text");
    return {};
  }
  std::string hint;
  const Resources::Target target = resources_.resolve(*open_.back().context, value.text, hint);
  if (!target.node) {
    error(value.at, fmt::format("\"{}\" leads to no schema", value.text), std::move(hint), value.text.size());
    return {};
  }
  Place& place = *resources_.find(*target.node);
  if (!place.is_filled) waiting_.push_back(target.node);
  Reference result{&compiled(place), {}};
  Compiled& from = compiled();
  from.references.emplace_back(value.text, result.target);
  if (keyword == "$dynamicRef" && target.is_dynamic) {
    result.dynamic_anchor = target.anchor;  // where that leads depends on the
                                            // value: no cycle for certain
  } else {
    cycles_.add(&from, {result.target, {open_.back().context->source, value.at}, value.text.size()});
  }
  return result;
}

const Node& Compiler::followed(const Node& schema) {
  constexpr int steps_max = 64;
  const Node* node = &schema;
  for (int step = 0; step < steps_max; ++step) {
    const Node* reference = node->find("$ref");
    if (!reference || node->members.size() != 1) break;
    std::string hint;
    const Resources::Target target = resources_.resolve(*resources_.note(*node).context, reference->text, hint);
    if (!target.node) break;
    node = target.node;
  }
  return *node;
}

}  // namespace counterpart::schema

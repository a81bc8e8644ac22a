#include "engine/schema/library.h"

#include <fmt/format.h>

#include "engine/schema/registry.h"
#include "engine/schema/test_schemas.h"

namespace counterpart::schema {
namespace {

using ::testing::ElementsAre;

/// A document that is no schema itself, and the schemas in it.
class World {
 public:
  explicit World(std::string_view yaml, const Options& options = {})
      : source(std::make_shared<const document::Source>(document::Source{"c", std::string(yaml)})),
        root(*document::parse_yaml(source, diagnostics)),
        library(root, source, diagnostics, options) {}

  const document::Node& at(std::initializer_list<std::string_view> path) const {
    const document::Node* node = &root;
    for (const std::string_view name : path) node = node->find(name);
    return *node;
  }

  Diagnostics diagnostics;
  std::shared_ptr<const document::Source> source;
  document::Node root;
  Library library;
};

TEST(Library, ReferencesLeadIntoTheDocument) {
  World world(R"(
schemas:
  Tree:
    type: object
    required: [name]
    properties:
      name: { type: string }
      children: { type: array, items: { $ref: '#/schemas/Tree' } }
operations:
  list: { schema: { $ref: '#/schemas/Tree' } }
)");
  world.library.compile_all(world.at({"schemas"}).members);
  const Schema schema = world.library.compile(world.at({"operations", "list", "schema"}));
  EXPECT_EQ(world.diagnostics.render(false), "");
  EXPECT_THAT(violations(schema, R"({"name":"a","children":[{"name":"b","children":[]}]})"), IsEmpty());
  EXPECT_THAT(violations(schema, R"({"name":"a","children":[{"name":"b","children":[{"name":1},{}]}]})"),
              ElementsAre("/children/0/children/0/name must be a string, is 1",
                          "/children/0/children/1 must be an object with \"name\", is one without"));
  EXPECT_EQ(schema.validate(Json::object())[0].schema_path, "/$ref/required");
  EXPECT_THAT(schema.types(), ElementsAre("object"));
}

TEST(Library, SchemasOutliveIt) {
  Schema schema;
  {
    World world("schemas: {A: {items: {$ref: '#/schemas/B'}}, B: {type: integer}}");
    schema = world.library.compile(world.at({"schemas", "A"}));
  }
  EXPECT_THAT(violations(schema, "[\"x\"]"), ElementsAre("/0 must be an integer, is \"x\""));
  ASSERT_NE(schema.items(), nullptr);
  EXPECT_THAT(schema.items()->types(), ElementsAre("integer"));
}

TEST(Library, CopiesReferToTheDocumentToo) {
  World world("schemas: {Page: {type: integer, minimum: 1}}\nparameter: {required: true, $ref: '#/schemas/Page'}");
  document::Node copy = world.at({"parameter"});
  std::erase_if(copy.members, [](const document::Member& member) { return member.key == "required"; });
  const Schema schema = world.library.compile_copy(std::move(copy));
  EXPECT_EQ(world.diagnostics.render(false), "");
  EXPECT_THAT(schema.types(), ElementsAre("integer"));
  EXPECT_THAT(violations(schema, "0"), ElementsAre("must be at least 1, is 0"));
}

TEST(Library, TypesAreFoundBehindReferencesAndAllOf) {
  World world(R"(
schemas:
  Ids: { type: array, items: { allOf: [{ minimum: 1 }, { $ref: '#/schemas/Id' }] } }
  Id: { type: integer }
  Never: { $ref: '#/schemas/Never' }
use: { description: several, allOf: [{ $ref: '#/schemas/Ids' }] }
)");
  const Schema schema = world.library.compile(world.at({"use"}));
  EXPECT_THAT(schema.types(), ElementsAre("array"));
  ASSERT_NE(schema.items(), nullptr);
  EXPECT_THAT(schema.items()->types(), ElementsAre("integer"));
  EXPECT_THAT(world.library.compile(world.at({"schemas", "Never"})).types(), IsEmpty());
}

TEST(Library, FollowsReferences) {
  World world(
      "a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {type: string}\nd: {$ref: '#/d'}\ne: {$ref: '#/x'}\n"
      "f: {$ref: '#/c', minLength: 1}");
  EXPECT_EQ(&world.library.followed(world.at({"a"})), &world.at({"c"}));
  EXPECT_EQ(&world.library.followed(world.at({"c"})), &world.at({"c"}));
  EXPECT_EQ(&world.library.followed(world.at({"d"})), &world.at({"d"}));
  EXPECT_EQ(&world.library.followed(world.at({"e"})), &world.at({"e"}));
  EXPECT_EQ(&world.library.followed(world.at({"f"})), &world.at({"f"}));
}

TEST(Library, ReferencesThatLeadNowhere) {
  const struct {
    std::string_view schema;
    std::string_view message;
    std::string_view hint;
  } cases[] = {
      {"'#/schemas/Sesion'", "\"#/schemas/Sesion\" leads to no schema", "did you mean \"#/schemas/Session\"?"},
      {"'#/schema/Session'", "\"#/schema/Session\" leads to no schema", "did you mean \"#/schemas\"?"},
      {"'#/schemas/a~1b/items/0'", "\"#/schemas/a~1b/items/0\" leads to no schema", ""},
      {"'#'", "\"#\" leads to no schema", ""},
      {"'#name'", "\"#name\" leads to no schema", ""},
      {"'other.yaml'", "\"other.yaml\" leads to no schema", "nothing is fetched"},
      {"'https://example.com/x'", "\"https://example.com/x\" leads to no schema", "nothing is fetched"},
      {"[1]", "\"$ref\" must be text, found a list", ""},
      {"'#/name'", "expected a schema (a map, true or false), found text", ""},
  };
  for (const auto& c : cases) {
    World world("name: n\nschemas: {Session: true, a/b: {items: {}}}\nuse: {$ref: " + std::string(c.schema) + "}");
    world.library.compile(world.at({"use"}));
    ASSERT_EQ(world.diagnostics.all().size(), 1u) << c.schema;
    EXPECT_EQ(world.diagnostics.all()[0].message, c.message);
    EXPECT_EQ(world.diagnostics.all()[0].hint, c.hint);
  }
}

TEST(Library, ReferencesInTheSameDocument) {
  for (const std::string_view reference :
       {"'#/schemas/a~1b~0c%20d/prefixItems/1'", "'#here'", "'https://x.test/y'", "'#/schemas/10/type'"}) {
    World world(std::string("schemas:\n  a/b~c d: {prefixItems: [true, {type: integer}]}\n  A: {$anchor: here, type: "
                            "integer}\n  B: {$id: 'https://x.test/z', $defs: {y: {$id: y, type: integer}}}\n"
                            "  '10': {type: {type: integer}}\nuse: {$ref: ") +
                std::string(reference) + "}");
    for (const document::Member& member : world.at({"schemas"}).members) {
      if (member.key != "10") world.library.compile(member.value);
    }
    const Schema schema = world.library.compile(world.at({"use"}));
    EXPECT_EQ(world.diagnostics.render(false), "") << reference;
    EXPECT_THAT(violations(schema, "\"x\""), ElementsAre("must be an integer, is \"x\"")) << reference;
  }
}

TEST(Library, NamesAreKnownBeforeTheyAreWritten) {
  World world("schemas: {A: {$ref: 'https://x.test/b'}, B: {$id: 'https://x.test/b', type: string}}");
  world.library.compile_all(world.at({"schemas"}).members);
  EXPECT_EQ(world.diagnostics.render(false), "");
}

TEST(Library, TwoSchemasOfOneName) {
  World world("schemas: {A: {$id: 'https://x.test/b'}, B: {$id: 'https://x.test/b'}, C: {$id: 'c#d'}}");
  world.library.compile_all(world.at({"schemas"}).members);
  EXPECT_EQ(world.diagnostics.render(false),
            "c:1:50: error: another schema has the $id \"https://x.test/b\"\n"
            "   1 | schemas: {A: {$id: 'https://x.test/b'}, B: {$id: 'https://x.test/b'}, C: {$id: 'c#d'}}\n"
            "     |                                                  ^~~~~~~~~~~~~~~~\n"
            "c:1:80: error: an $id has no fragment\n"
            "   1 | schemas: {A: {$id: 'https://x.test/b'}, B: {$id: 'https://x.test/b'}, C: {$id: 'c#d'}}\n"
            "     |                                                                                ^~~\n"
            "     = hint: give the schema an $anchor\n");
}

TEST(Library, CyclesAreFoundWhenTheyAreCompiled) {
  const struct {
    std::string_view schema;
    size_t errors;
  } cases[] = {
      {"{$ref: '#/a'}", 1},
      {"{allOf: [{anyOf: [{$ref: '#/a'}]}]}", 1},
      {"{if: {not: {$ref: '#/a'}}}", 1},
      {"{dependentSchemas: {x: {$ref: '#/a'}}}", 1},
      {"{allOf: [{$ref: '#/b'}]}", 1},
      {"{items: {$ref: '#/a'}}", 0},
      {"{properties: {x: {allOf: [{$ref: '#/a'}]}}, additionalProperties: {$ref: '#/a'}}", 0},
      {"{allOf: [{$ref: '#/c'}, {$ref: '#/c'}]}", 0},
  };
  for (const auto& c : cases) {
    World world("a: " + std::string(c.schema) + "\nb: {oneOf: [{$ref: '#/c'}, {$ref: '#/a'}]}\nc: {type: string}");
    world.library.compile(world.at({"a"}));
    EXPECT_EQ(world.diagnostics.errors(), c.errors) << c.schema;
  }
  World world("a: {allOf: [{$ref: '#/a'}]}");
  const Schema schema = world.library.compile(world.at({"a"}));
  EXPECT_EQ(world.diagnostics.render(false),
            "c:1:20: error: this $ref leads back to its own schema, for the same value, without end\n"
            "   1 | a: {allOf: [{$ref: '#/a'}]}\n     |                    ^~~\n");
  EXPECT_THAT(violations(schema, "1"),
              ElementsAre("must be checked with at most 1000 schemas within each other, is in need of more"));
}

TEST(Library, LongChainsOfReferences) {
  std::string yaml = "s:\n  a0: {type: string}\n";
  constexpr int count = 50'000;
  for (int i = 1; i < count; ++i) yaml += fmt::format("  a{}: {{$ref: '#/s/a{}'}}\n", i, i - 1);
  World world(yaml);
  const Schema schema = world.library.compile(world.at({"s", "a" + std::to_string(count - 1)}));
  EXPECT_EQ(world.diagnostics.render(false), "");
  EXPECT_THAT(schema.types(), IsEmpty());
  EXPECT_EQ(schema.validate(1).size(), 1u);
}

TEST(Registry, HasWhatReferencesLeadTo) {
  Registry registry;
  registry.add("https://x.test/schemas/a", Json::parse(R"({"$defs":{"n":{"type":"integer"}},"items":{"$ref":"b"}})"));
  registry.add("https://x.test/schemas/b", Json::parse(R"({"type":"string","unknown":1,"format":"unknown"})"));
  const Options options{true, true, &registry};
  EXPECT_THAT(violations(compiled("$ref: 'https://x.test/schemas/a#/$defs/n'", options), "1.5"),
              ElementsAre("must be an integer, is 1.5"));
  EXPECT_THAT(violations(compiled("$id: 'https://x.test/'\n$ref: schemas/../schemas/a", options), "[1]"),
              ElementsAre("/0 must be a string, is 1"));
  EXPECT_EQ(registry.find("https://x.test/"), nullptr);
}

TEST(Registry, DynamicAnchorsCountWhereNothingElseLeadsToThem) {
  Registry registry;
  registry.add("https://x.test/outer",
               Json::parse(R"({"$defs":{"a":{"$ref":"inner"},"b":{"$dynamicAnchor":"x","type":"integer"}}})"));
  registry.add("https://x.test/inner", Json::parse(R"({"$dynamicRef":"#x","$defs":{"c":{"$dynamicAnchor":"x"}}})"));
  const Options options{true, true, &registry};
  EXPECT_THAT(violations(compiled("$ref: 'https://x.test/outer#/$defs/a'", options), "1.5"),
              ElementsAre("must be an integer, is 1.5"));
  EXPECT_THAT(violations(compiled("$ref: 'https://x.test/inner'", options), "1.5"), IsEmpty());
}

TEST(Registry, AnIdBesideAReferenceIsNoneInDraftSeven) {
  Registry registry;
  registry.add("https://x.test/a/c", Json::parse(R"({"type":"integer"})"));
  registry.add("https://x.test/b/c", Json::parse(R"({"type":"string"})"));
  const Options options{true, false, &registry};
  constexpr std::string_view schema = "$id: 'https://x.test/a/'\nallOf: [{$id: 'https://x.test/b/', $ref: c}]\n";
  EXPECT_THAT(violations(compiled(schema, options), "1"), ElementsAre("must be a string, is 1"));
  EXPECT_THAT(violations(compiled(std::string(schema) + "$schema: 'http://json-schema.org/draft-07/schema#'", options),
                         "\"x\""),
              ElementsAre("must be an integer, is \"x\""));
}

TEST(Registry, HasTheMetaschemas) {
  for (const std::string uri :
       {"https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#"}) {
    const Schema schema = compiled("$ref: " + uri);
    EXPECT_THAT(violations(schema, R"({"type":"object","properties":{"a":{"minimum":1}}})"), IsEmpty()) << uri;
    EXPECT_FALSE(violations(schema, R"({"properties":{"a":{"minimum":"x"}}})").empty()) << uri;
    EXPECT_FALSE(violations(schema, R"({"allOf":[{"properties":{"a":1}}]})").empty()) << uri;
  }
}

/// What a walk over a schema finds, as a generator of values would.
std::string walk(const Schema& schema) {
  const Json& source = schema.source();
  if (!source.is_object()) return source.dump();
  if (source.contains("$ref")) return walk(*schema.resolve(source["$ref"].get<std::string>()));
  if (source.contains("properties")) {
    std::string text;
    for (const auto& [name, part] : source["properties"].items()) text += name + ":" + walk(*schema.part(part)) + " ";
    return text;
  }
  return source.dump();
}

TEST(Schema, CanBeWalkedOver) {
  World world("a: {properties: {x: {$ref: '#/b'}, y: true, z: {properties: {k: {$ref: '#/b'}}}}}\nb: {const: 1}");
  const Schema schema = world.library.compile(world.at({"a"}));
  EXPECT_EQ(walk(schema), "x:{\"const\":1} y:true z:k:{\"const\":1}  ");
  EXPECT_FALSE(schema.resolve("#/b").has_value());
  EXPECT_FALSE(schema.part(Json()).has_value());
  EXPECT_EQ(Schema().source(), true);
  EXPECT_FALSE(Schema().resolve("#").has_value());
}

}  // namespace
}  // namespace counterpart::schema

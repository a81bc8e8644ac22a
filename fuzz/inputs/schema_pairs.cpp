#include "fuzz/inputs/schema_pairs.h"

#include "engine/document/utf8.h"

namespace counterpart::fuzz {

using document::Json;

namespace {

constexpr int depth_max = 4;

std::string plain_text(ByteReader& bytes) {
  static constexpr std::string_view alphabet = "abcXYZ019 _-";
  std::string text;
  for (size_t left = bytes.below(8); left > 0; --left) text += alphabet[bytes.below(alphabet.size())];
  if (bytes.below(8) == 0) text += "\u00e9\U0001F600";
  return text;
}

Json make_value(ByteReader& bytes, int depth) {
  switch (bytes.below(depth < depth_max ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return bytes.below(2) == 0;
    case 2:
      return static_cast<int64_t>(bytes.byte()) - 128;
    case 3:
      return (static_cast<double>(bytes.byte()) - 128) / 4 + 0.125;
    case 4:
      return (static_cast<int64_t>(bytes.byte()) << 48) - bytes.byte();
    case 5:
      return plain_text(bytes);
    case 6: {
      Json list = Json::array();
      for (size_t left = bytes.below(4); left > 0; --left) list.push_back(make_value(bytes, depth + 1));
      return list;
    }
    default: {
      Json map = Json::object();
      for (size_t left = bytes.below(4); left > 0; --left) map[plain_text(bytes)] = make_value(bytes, depth + 1);
      return map;
    }
  }
}

const char* type_of(const Json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_string()) return "string";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return value.is_number_integer() ? "integer" : "number";
}

const char* other_type(const Json& value) { return value.is_string() ? "null" : "string"; }

/// Adds keywords to a schema, each with the argument that a value fits, or, asked for a misfit, one that it does not.
class Writer {
 public:
  explicit Writer(ByteReader& bytes) : bytes_(bytes) {}

  /// A schema that `value` fits, or not.
  Json schema_for(const Json& value, bool fits, int depth = 0) {
    if (depth > depth_max || bytes_.below(12) == 0) return fits;
    Json schema = Json::object();
    for (size_t left = bytes_.below(4); left > 0; --left) add(schema, value, true, depth);
    if (!fits) add(schema, value, false, depth);
    return schema;
  }

 private:
  void add(Json& schema, const Json& value, bool fits, int depth) {
    switch (bytes_.below(4)) {
      case 0:
        return add_plain(schema, value, fits);
      case 1:
        return add_applicator(schema, value, fits, depth);
      default:
        if (value.is_number()) return add_number(schema, value, fits);
        if (value.is_string()) return add_text(schema, value.get_ref<const std::string&>(), fits);
        if (value.is_array()) return add_list(schema, value, fits, depth);
        if (value.is_object()) return add_map(schema, value, fits, depth);
        return add_plain(schema, value, fits);
    }
  }

  static void put(Json& schema, const char* keyword, Json argument) { schema[keyword] = std::move(argument); }

  void add_plain(Json& schema, const Json& value, bool fits) {
    switch (bytes_.below(4)) {
      case 0:
        return put(schema, "type", fits ? type_of(value) : other_type(value));
      case 1:
        return put(schema, "type", Json::array({fits ? type_of(value) : other_type(value)}));
      case 2:
        return put(schema, "const", fits ? value : Json::array({value}));
      default:
        return put(schema, "enum",
                   fits ? Json::array({"none", value}) : Json::array({Json::array({value}), "none of"}));
    }
  }

  void add_number(Json& schema, const Json& value, bool fits) {
    const double number = value.get<double>();
    switch (bytes_.below(4)) {
      case 0:
        return put(schema, "minimum", fits ? value : Json(number + 1024));
      case 1:
        return put(schema, "maximum", fits ? value : Json(number - 1024));
      case 2:
        return put(schema, "exclusiveMinimum", fits ? Json(number - 1024) : value);
      default:
        return put(schema, "exclusiveMaximum", fits ? Json(number + 1024) : value);
    }
  }

  void add_text(Json& schema, const std::string& text, bool fits) {
    const size_t length = document::utf8_count(text);
    switch (bytes_.below(3)) {
      case 0:
        return put(schema, "minLength", fits ? length : length + 1);
      case 1:
        if (fits || length > 0) return put(schema, "maxLength", fits ? length : length - 1);
        return put(schema, "minLength", 1);
      default:
        return put(schema, "pattern", fits ? "^[a-zA-Z0-9 _\\-\u00e9\U0001F600]*$" : "[!?]");
    }
  }

  void add_list(Json& schema, const Json& list, bool fits, int depth) {
    switch (bytes_.below(5)) {
      case 0:
        return put(schema, "minItems", fits ? list.size() : list.size() + 1);
      case 1:
        if (fits || !list.empty()) return put(schema, "maxItems", fits ? list.size() : list.size() - 1);
        return put(schema, "minItems", 1);
      case 2:
        if (list.empty()) return put(schema, "minItems", fits ? 0 : 1);
        if (!fits) schema.erase("prefixItems");  // what it judges is none of the others
        return put(schema, "items", fits ? Json::object() : Json{{"not", Json::object()}});
      case 3: {
        if (list.empty()) return put(schema, "minItems", fits ? 0 : 1);
        Json items = Json::array();
        for (const Json& item : list) items.push_back(schema_for(item, true, depth + 1));
        if (!fits) items.back() = schema_for(list.back(), false, depth + 1);
        return put(schema, "prefixItems", std::move(items));
      }
      default:
        if (list.empty()) return put(schema, "minItems", fits ? 0 : 1);
        return put(schema, "contains", Json{{"const", fits ? list[bytes_.below(list.size())] : Json::array({list})}});
    }
  }

  void add_map(Json& schema, const Json& map, bool fits, int depth) {
    if (map.empty()) return put(schema, "minProperties", fits ? 0 : 1);
    auto member = map.begin();
    std::advance(member, static_cast<ptrdiff_t>(bytes_.below(map.size())));
    switch (bytes_.below(5)) {
      case 0:
        return put(schema, "required", Json::array({fits ? member.key() : member.key() + "!"}));
      case 1:
        return put(schema, "maxProperties", fits ? map.size() : map.size() - 1);
      case 2:
        return put(schema, "propertyNames", Json{{"not", Json{{"const", fits ? member.key() + "!" : member.key()}}}});
      case 3:
        return put(schema, "dependentRequired",
                   Json{{member.key(), Json::array({fits ? map.begin().key() : member.key() + "!"})}});
      default: {
        Json properties = Json::object();
        properties[member.key()] = schema_for(member.value(), fits, depth + 1);
        return put(schema, "properties", std::move(properties));
      }
    }
  }

  void add_applicator(Json& schema, const Json& value, bool fits, int depth) {
    const Json yes = schema_for(value, true, depth + 1);
    const Json no = schema_for(value, false, depth + 1);
    switch (bytes_.below(6)) {
      case 0:
        return put(schema, "allOf", Json::array({yes, fits ? yes : no}));
      case 1:
        return put(schema, "anyOf", Json::array({no, fits ? yes : no}));
      case 2:
        return put(schema, "oneOf", Json::array({yes, fits ? no : yes}));
      case 3:
        return put(schema, "not", fits ? no : yes);
      case 4:
        put(schema, "if", yes);
        put(schema, "then", fits ? yes : no);
        return put(schema, "else", no);
      default:
        put(schema, "if", no);
        put(schema, "then", no);
        return put(schema, "else", fits ? yes : no);
    }
  }

  ByteReader& bytes_;
};

}  // namespace

SchemaPair make_schema_pair(ByteReader& bytes) {
  SchemaPair pair;
  pair.fits = bytes.below(2) == 0;
  pair.value = make_value(bytes, 0);
  pair.schema = Writer(bytes).schema_for(pair.value, pair.fits);
  return pair;
}

}  // namespace counterpart::fuzz

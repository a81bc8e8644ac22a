#include "conformance/prove/mutants.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/prove/expressions.h"
#include "engine/expression/holes.h"

namespace counterpart::conformance {

using document::Kind;
using document::Member;
using document::Node;

namespace {

/// A node's place, as indices of members and items from the root.
using Path = std::vector<size_t>;

Node& node_at(Node& root, const Path& path) {
  Node* node = &root;
  for (const size_t index : path) node = node->is(Kind::map) ? &node->members[index].value : &node->items[index];
  return *node;
}

Node scalar(Kind kind, std::string text) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  return node;
}

Node text_node(std::string text) {
  Node node = scalar(Kind::text, std::move(text));
  node.quoted = true;
  return node;
}

Node integer_node(int64_t value) {
  Node node = scalar(Kind::integer, std::to_string(value));
  node.negative = value < 0;
  node.integer = static_cast<uint64_t>(value);
  return node;
}

Node real_node(double value) {
  Node node = scalar(Kind::real, fmt::format("{}", value));
  node.real = value;
  return node;
}

Node boolean_node(bool value) {
  Node node = scalar(Kind::boolean, value ? "true" : "false");
  node.boolean = value;
  return node;
}

bool is_template_key(std::string_view key) {
  return key == "$map" || key == "$if" || key == "then" || key == "else" || key.starts_with("each(");
}

class Maker {
 public:
  explicit Maker(const Node& root) : root_(root) {}

  std::vector<Mutant> run() {
    find_default_credential();
    each_member({}, root_, [&](const Path& path, const std::string& name, const Member& member) {
      if (name == "let") {
        each_member(path, member.value, [&](const Path& at, const std::string& let, const Member& one) {
          expressions("let." + let, at, one.value, mutated_condition);
        });
      }
      if (name == "rules") rules("rules", path, member.value, names_of("responses"));
      if (name == "responses") responses("responses", path, member.value);
      if (name == "operations") {
        each_member(path, member.value, [&](const Path& at, const std::string& id, const Member& one) {
          operation("operations." + id, at, one.value);
        });
      }
    });
    return std::move(mutants_);
  }

 private:
  template <typename Each>
  void each_member(const Path& path, const Node& node, Each each) {
    for (size_t i = 0; i < node.members.size(); ++i) {
      Path inner = path;
      inner.push_back(i);
      each(inner, node.members[i].key, node.members[i]);
    }
  }

  std::vector<std::string> names_of(const char* key) const {
    std::vector<std::string> names;
    if (const Node* node = root_.find(key)) {
      for (const Member& member : node->members) names.push_back(member.key);
    }
    return names;
  }

  /// `${variables.x}` of the first security scheme as an expression.
  void find_default_credential() {
    const Node* security = root_.find("security");
    if (security == nullptr || security->members.empty()) return;
    const Node* credential = security->members[0].value.find("credential");
    if (credential == nullptr) return;
    const auto pieces = expression::cut_at_holes(credential->text);
    if (pieces && pieces->size() == 1 && pieces->front().hole) default_credential_ = "(" + pieces->front().text + ")";
  }

  void add(std::string id, const Node& node, std::function<void(Node&)> apply) {
    mutants_.push_back({std::move(id), node.at, std::move(apply)});
  }

  void replace(const std::string& id, const Path& path, const Node& node, Node by) {
    by.at = node.at;
    add(id, node, [path, by = std::move(by)](Node& root) { node_at(root, path) = by; });
  }

  using Mutate = std::vector<MutatedText> (*)(std::string_view, std::string_view);

  void expressions(const std::string& name, const Path& path, const Node& node, Mutate mutate) {
    for (MutatedText& mutated : mutate(node.text, default_credential_)) {
      Node changed = node;
      changed.text = std::move(mutated.text);
      replace(fmt::format("{}: {}", name, mutated.what), path, node, std::move(changed));
    }
  }

  // ------------------------------------------------------------------------------------------- operations

  void operation(const std::string& name, const Path& path, const Node& node) {
    std::vector<std::string> own;
    if (const Node* given = node.find("responses")) {
      for (const Member& member : given->members) own.push_back(member.key);
    }
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      if (key == "rules") rules(name + ".rules", at, member.value, own);
      if (key == "responses") responses(name + ".responses", at, member.value);
      if (key == "request") request(name + ".request", at, member.value);
      if (key == "security") replace(name + ".security: none", at, member.value, text_node("none"));
    });
  }

  void request(const std::string& name, const Path& path, const Node& node) {
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      if (key == "body") body_of_request(name + ".body", at, member.value);
      const bool has_parameters = key == "query" || key == "headers" || key == "cookies" || key == "path-parameters";
      if (!has_parameters) return;
      each_member(at, member.value, [&](const Path& of, const std::string& parameter, const Member& one) {
        this->parameter(fmt::format("{}.{}.{}", name, key, parameter), of, one.value);
      });
    });
  }

  void body_of_request(const std::string& name, const Path& path, const Node& node) {
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      if (key == "required") turn(name + ".required", at, member.value);
      if (key != "content") return;
      each_member(at, member.value, [&](const Path& of, const std::string& type, const Member& schema) {
        this->schema(fmt::format("{}.{}", name, type), of, schema.value, 0);
      });
    });
  }

  void parameter(const std::string& name, const Path& path, const Node& node) {
    schema(name, path, node, 0);
    const Node* const values = node.find("enum");
    const Node* const least = node.find("minItems");
    if (least != nullptr && node.find("default") == nullptr) {
      // A list without items is sent as no parameter at all: whether it may be empty shows in no request.
      const std::string unseen = least->text == "0" ? "one more" : least->text == "1" ? "one less" : "";
      std::erase_if(mutants_, [&](const Mutant& mutant) { return mutant.id == name + ".minItems: " + unseen; });
    }
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      const std::string here = name + "." + key;
      if (key == "required") turn(here, at, member.value);
      if (key != "default") return;
      if (values == nullptr) return bound(here, at, key, member.value);
      for (const Node& other : values->items) {
        if (other.text != member.value.text) replace(here + ": " + other.text, at, member.value, other);
      }
    });
  }

  /// The bounds of a schema and of the schemas in it; what `$ref` leads to is left alone.
  void schema(const std::string& name, const Path& path, const Node& node, int depth) {
    constexpr int depth_max = 16;
    if (!node.is(Kind::map) || depth > depth_max) return;
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      const std::string here = fmt::format("{}.{}", name, key);
      const Node& value = member.value;
      if (key == "properties") {
        each_member(at, value, [&](const Path& of, const std::string& property, const Member& one) {
          schema(fmt::format("{}.{}", here, property), of, one.value, depth + 1);
        });
      } else if (key == "items") {
        schema(here, at, value, depth + 1);
      } else if (key == "required" || key == "enum") {
        for (size_t i = 0; i < value.items.size(); ++i) {
          add(fmt::format("{}[{}]: dropped", here, i + 1), value.items[i], [at, i](Node& root) {
            Node& list = node_at(root, at);
            list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(i));
          });
        }
      } else if (key == "pattern" || key == "format" || key == "uniqueItems" || key == "additionalProperties") {
        drop_member(here, path, at.back(), value);
      } else if (key != "default") {
        bound(here, at, key, value);
      }
    });
  }

  void turn(const std::string& name, const Path& path, const Node& node) {
    if (node.is(Kind::boolean)) replace(name + ": turned", path, node, boolean_node(!node.boolean));
  }

  void bound(const std::string& name, const Path& path, const std::string& keyword, const Node& node) {
    const bool is_bound = keyword == "default" || keyword.starts_with("min") || keyword.starts_with("max") ||
                          keyword.starts_with("exclusive") || keyword == "multipleOf";
    if (keyword == "const" && node.is(Kind::text)) {
      replace(name + ": altered", path, node, text_node(node.text + "-altered"));
    }
    if (!is_bound) return;
    if (node.is(Kind::integer)) {
      const auto value = static_cast<int64_t>(node.integer);
      replace(name + ": one more", path, node, integer_node(value + 1));
      replace(name + ": one less", path, node, integer_node(value - 1));
    } else if (node.is(Kind::real)) {
      replace(name + ": one more", path, node, real_node(node.real + 1));
      replace(name + ": one less", path, node, real_node(node.real - 1));
    } else if (node.is(Kind::text)) {
      replace(name + ": altered", path, node, text_node(node.text + "-altered"));
    } else {
      turn(name, path, node);
    }
  }

  // ------------------------------------------------------------------------------------------- rules

  void rules(const std::string& name, const Path& path, const Node& list, const std::vector<std::string>& responses) {
    for (size_t i = 0; i < list.items.size(); ++i) {
      const Node& rule = list.items[i];
      const std::string here = fmt::format("{}[{}]", name, i + 1);
      add(here + ": dropped", rule, [path, i](Node& root) {
        Node& rules = node_at(root, path);
        rules.items.erase(rules.items.begin() + static_cast<std::ptrdiff_t>(i));
      });
      if (i + 1 < list.items.size()) {
        add(here + ": after the next", rule, [path, i](Node& root) {
          Node& rules = node_at(root, path);
          std::swap(rules.items[i], rules.items[i + 1]);
        });
      }
      Path inner = path;
      inner.push_back(i);
      each_member(inner, rule, [&](const Path& at, const std::string& key, const Member& member) {
        const std::string part = here + "." + key;
        if (key == "when") condition(part, at, member.value);
        if (key == "respond") respond(part, at, member.value, responses);
        if (key == "do") statements(part, inner, at, member.value);
      });
    }
  }

  void condition(const std::string& name, const Path& path, const Node& node) {
    replace(name + ": negated", path, node, text_node("not (" + node.text + ")"));
    expressions(name, path, node, mutated_condition);
  }

  void respond(const std::string& name, const Path& path, const Node& node, const std::vector<std::string>& responses) {
    for (const std::string& other : responses) {
      if (other != node.text) replace(fmt::format("{}: {}", name, other), path, node, text_node(other));
    }
  }

  void statements(const std::string& name, const Path& rule, const Path& path, const Node& node) {
    add(name + ": skipped", node, [rule](Node& root) {
      std::erase_if(node_at(root, rule).members, [](const Member& member) { return member.key == "do"; });
    });
    expressions(name, path, node, mutated_statements);
  }

  // ------------------------------------------------------------------------------------------- responses

  void responses(const std::string& name, const Path& path, const Node& node) {
    each_member(path, node, [&](const Path& at, const std::string& response, const Member& member) {
      if (member.value.find("$ref") == nullptr) this->response(name + "." + response, at, member.value);
    });
  }

  void response(const std::string& name, const Path& path, const Node& node) {
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      if (key == "status" && member.value.is(Kind::integer)) {
        const auto status = static_cast<int64_t>(member.value.integer);
        const int64_t other = status == 403 ? 401 : status == 401 ? 403 : status + 1;
        replace(fmt::format("{}.status: {}", name, other), at, member.value, integer_node(other));
      }
      if (key == "headers") headers(name + ".headers", at, member.value);
      if (key == "body") {
        body(name + ".body", at, member.value);
        content_type(name, path, member.value);
      }
      if (key == "body-file") content_type(name, path, member.value);
    });
  }

  void content_type(const std::string& name, const Path& path, const Node& at) {
    add(name + ".content-type: changed", at, [path](Node& root) {
      Node& response = node_at(root, path);
      std::erase_if(response.members, [](const Member& member) { return member.key == "content-type"; });
      response.members.push_back({"content-type", response.at, text_node("application/x-altered")});
      // A text stays a JSON text, or a plain one, as its media type had said.
      response.members.back().value.at = response.at;
    });
  }

  void headers(const std::string& name, const Path& path, const Node& node) {
    each_member(path, node, [&](const Path& at, const std::string& header, const Member& member) {
      drop_member(fmt::format("{}.{}", name, header), path, at.back(), member.value);
      replace(fmt::format("{}.{}: altered", name, header), at, member.value, text_node(member.value.text + "-altered"));
    });
  }

  void drop_member(const std::string& name, const Path& path, size_t index, const Node& at) {
    add(name + ": dropped", at, [path, index](Node& root) {
      auto& members = node_at(root, path).members;
      members.erase(members.begin() + static_cast<std::ptrdiff_t>(index));
    });
  }

  void body(const std::string& name, const Path& path, const Node& node) {
    if (node.is(Kind::map)) return map_of_body(name, path, node);
    if (node.is(Kind::list)) {
      for (size_t i = 0; i < node.items.size(); ++i) {
        Path inner = path;
        inner.push_back(i);
        add(fmt::format("{}[{}]: dropped", name, i + 1), node.items[i], [path, i](Node& root) {
          Node& list = node_at(root, path);
          list.items.erase(list.items.begin() + static_cast<std::ptrdiff_t>(i));
        });
        body(fmt::format("{}[{}]", name, i + 1), inner, node.items[i]);
      }
      return;
    }
    retype(name, path, node);
    alter(name, path, node);
  }

  void map_of_body(const std::string& name, const Path& path, const Node& node) {
    const bool is_template =
        std::any_of(node.members.begin(), node.members.end(), [](const auto& m) { return is_template_key(m.key); });
    if (!is_template) {
      add(name + ": a field more", node, [path](Node& root) {
        Node& map = node_at(root, path);
        map.members.push_back({"counterpartAdded", map.at, boolean_node(true)});
      });
    }
    each_member(path, node, [&](const Path& at, const std::string& key, const Member& member) {
      const std::string here = name + "." + key;
      if (key == "$map") {
        expressions(here, at, member.value, mutated_expression);
        replace(here + ": empty", at, member.value, text_node("{}"));
        return;
      }
      if (key == "$if") return condition(here, at, member.value);
      if (!is_template) drop_member(here, path, at.back(), member.value);
      body(here, at, member.value);
    });
  }

  void retype(const std::string& name, const Path& path, const Node& node) {
    Node list;
    list.kind = Kind::list;
    list.items.push_back(node);
    replace(name + ": in a list", path, node, std::move(list));
    const bool is_plain = node.is(Kind::integer) || node.is(Kind::real) || node.is(Kind::boolean);
    if (is_plain) replace(name + ": as text", path, node, text_node(node.text));
    if (node.is(Kind::null)) replace(name + ": as text", path, node, text_node("null"));
  }

  void alter(const std::string& name, const Path& path, const Node& node) {
    if (node.is(Kind::boolean)) return replace(name + ": turned", path, node, boolean_node(!node.boolean));
    if (node.is(Kind::integer)) {
      return replace(name + ": one more", path, node, integer_node(static_cast<int64_t>(node.integer) + 1));
    }
    if (!node.is(Kind::text)) return;
    const auto pieces = expression::cut_at_holes(node.text);
    if (!pieces) return;
    const bool is_hole = pieces->size() == 1 && pieces->front().hole;
    if (!is_hole) replace(name + ": altered", path, node, text_node(node.text + "-altered"));
    if (!is_hole) return;
    replace(name + ": always null", path, node, scalar(Kind::null, "null"));
    for (MutatedText& mutated : mutated_expression(pieces->front().text, default_credential_)) {
      replace(fmt::format("{}: {}", name, mutated.what), path, node, text_node("${" + mutated.text + "}"));
    }
  }

  const Node& root_;
  std::string default_credential_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(const Node& contract) { return Maker(contract).run(); }

}  // namespace counterpart::conformance

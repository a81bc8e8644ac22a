#include "engine/expression/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/document/json.h"
#include "engine/expression/holes.h"

namespace counterpart::expression {

using document::Kind;
using document::Member;
using document::Node;

namespace {

std::string as_json(std::string_view text) {
  std::string out;
  document::append_json_string(out, text);
  return out;
}

/// What goes between the quotes of a JSON string.
std::string escaped(std::string_view text) {
  const std::string out = as_json(text);
  return out.substr(1, out.size() - 2);
}

void limit(const std::string& out, Session& session) {
  if (out.size() <= Template::rendered_bytes_max) return;
  session.fail(fmt::format("rendered more than {} MiB", Template::rendered_bytes_max >> 20));
}

bool is_operator(const Member& member) {
  return member.key == "$map" || member.key == "$if" || member.key.rfind("each(", 0) == 0;
}

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

}  // namespace

/// One compilation: keeps the names bound by the `each` around the node at hand.
class TemplateCompiler {
 public:
  using Part = Template::Part;

  TemplateCompiler(std::shared_ptr<const document::Source> source, Program& program, document::Diagnostics& diagnostics)
      : source_(std::move(source)), program_(program), diagnostics_(diagnostics) {}

  Part value(const Node& node) {
    if (node.is(Kind::text)) return text(node);
    if (node.is(Kind::list)) return list(node);
    if (!node.is(Kind::map)) return literal(document::write_json(node.to_json()));
    for (const Member& member : node.members) {
      if (is_operator(member)) return operation(node);
    }
    return map(node);
  }

  /// A scalar outside of JSON.
  Part plain(const Node& node) {
    if (!node.is_scalar()) {
      error(node.at, fmt::format("expected text, found {}", name_of(node.kind)));
      return literal({});
    }
    const auto pieces = pieces_of(node);
    Part sequence{Part::Kind::sequence, {}, 0, false, {}};
    for (const Piece& piece : pieces) {
      sequence.parts.push_back(piece.hole ? hole(Part::Kind::plain, node, piece) : literal(piece.text));
    }
    return folded(std::move(sequence));
  }

  /// Whether something that was compiled does, whatever it will be rendered for.
  bool needs_lua() const { return needs_lua_; }

 private:
  void error(document::Position at, std::string message, std::string hint = {}, size_t width = 1) {
    diagnostics_.error({source_, at}, std::move(message), std::move(hint), width);
  }

  static Part literal(std::string text) { return {Part::Kind::text, std::move(text), 0, false, {}}; }

  SnippetId snippet(const Node& node, const Piece& piece) {
    document::Position at = node.at;
    if (node.block) {
      at = {at.line + 1 + piece.line, 0};
    } else {
      at.column += static_cast<int>(piece.offset) + (node.quoted ? 1 : 0);
    }
    const SnippetId added = program_.add({piece.text, {source_, at}, false, locals_});
    needs_lua_ = needs_lua_ || program_.plain(added) == nullptr;
    return added;
  }

  std::vector<Piece> pieces_of(const Node& node) {
    if (auto pieces = cut_at_holes(node.text)) return *std::move(pieces);
    document::Position at = node.at;
    if (node.quoted) ++at.column;
    error(at, "a ${ that no } closes", "write $${ for the characters themselves", 2);
    return {{false, {}, 0, 0}};
  }

  Part hole(Part::Kind kind, const Node& node, const Piece& piece) {
    return {kind, {}, snippet(node, piece), false, {}};
  }

  Part text(const Node& node) {
    const std::vector<Piece> pieces = pieces_of(node);
    if (pieces.size() == 1 && pieces[0].hole) return hole(Part::Kind::json, node, pieces[0]);
    Part sequence{Part::Kind::sequence, {}, 0, false, {}};
    sequence.parts.push_back(literal("\""));
    for (const Piece& piece : pieces) {
      sequence.parts.push_back(piece.hole ? hole(Part::Kind::escaped, node, piece) : literal(escaped(piece.text)));
    }
    sequence.parts.push_back(literal("\""));
    return folded(std::move(sequence));
  }

  Part list(const Node& node) {
    std::vector<Part> parts;
    for (const Node& item : node.items) parts.push_back(value(item));
    return enclosed("[", std::move(parts), {}, "]");
  }

  Part map(const Node& node) {
    std::vector<Part> parts;
    std::vector<std::string> keys;
    for (const Member& member : node.members) {
      parts.push_back(value(member.value));
      keys.push_back(as_json(member.key) + ":");
    }
    return enclosed("{", std::move(parts), std::move(keys), "}");
  }

  /// Parts between brackets. When none can be left out, the commas are text like the rest.
  Part enclosed(std::string open, std::vector<Part> parts, std::vector<std::string> keys, std::string close) {
    bool all_stay = true;
    for (const Part& part : parts) all_stay = all_stay && !can_be_left_out(part);
    Part sequence{Part::Kind::sequence, {}, 0, false, {}};
    sequence.parts.push_back(literal(std::move(open)));
    Part members{Part::Kind::members, {}, 0, false, {}};
    for (size_t i = 0; i < parts.size(); ++i) {
      const std::string key = keys.empty() ? std::string() : keys[i];
      if (all_stay) {
        sequence.parts.push_back(literal((i == 0 ? "" : ",") + key));
        sequence.parts.push_back(std::move(parts[i]));
      } else {
        members.parts.push_back({Part::Kind::sequence, key, 0, false, {}});
        members.parts.back().parts.push_back(std::move(parts[i]));
      }
    }
    if (!all_stay) sequence.parts.push_back(std::move(members));
    sequence.parts.push_back(literal(std::move(close)));
    return folded(std::move(sequence));
  }

  static bool can_be_left_out(const Part& part) {
    if (part.kind != Part::Kind::choice) return false;
    return part.parts.size() < 2 || std::any_of(part.parts.begin(), part.parts.end(), can_be_left_out);
  }

  /// A sequence flattened, its neighbouring texts joined.
  static Part folded(Part sequence) {
    std::vector<Part> flat;
    const auto add = [&flat](Part part) {
      if (part.kind == Part::Kind::text && !flat.empty() && flat.back().kind == Part::Kind::text) {
        flat.back().text += part.text;
      } else {
        flat.push_back(std::move(part));
      }
    };
    for (Part& part : sequence.parts) {
      if (part.kind != Part::Kind::sequence) {
        add(std::move(part));
        continue;
      }
      for (Part& inner : part.parts) add(std::move(inner));
    }
    if (flat.size() == 1) return std::move(flat[0]);
    sequence.parts = std::move(flat);
    return sequence;
  }

  Part operation(const Node& node) {
    const Node* list = node.find("$map");
    const Node* condition = node.find("$if");
    if (list != nullptr) return map_operation(node, *list);
    if (condition != nullptr) return choice_operation(node, *condition);
    error(node.at, "each(...) without $map", "write {$map: LIST, each(x): TEMPLATE}");
    return literal("null");
  }

  /// The code of an operator's operand: an expression, with or without ${} around it.
  std::optional<SnippetId> operand(const Node& node, const char* of) {
    if (!node.is_scalar() || node.text.empty()) {
      error(node.at, fmt::format("{} expects an expression, found {}", of, name_of(node.kind)));
      return std::nullopt;
    }
    const auto pieces = cut_at_holes(node.text);
    if (pieces && pieces->size() == 1 && (*pieces)[0].hole) return snippet(node, (*pieces)[0]);
    return snippet(node, {true, node.text, 0, 0});
  }

  Part map_operation(const Node& node, const Node& list) {
    needs_lua_ = true;  // lists are walked over in Lua
    Part part{Part::Kind::map, {}, 0, false, {}};
    const auto operand_id = operand(list, "$map");
    if (operand_id) part.snippet = *operand_id;
    for (const Member& member : node.members) {
      if (member.key == "$map") continue;
      const std::vector<std::string> names = names_of_each(member);
      if (names.empty()) continue;
      if (!part.parts.empty()) error(member.key_at, "a second each(...) beside $map", {}, member.key.size());
      part.with_index = names.size() > 1;
      locals_.insert(locals_.end(), names.begin(), names.end());
      part.parts.push_back(value(member.value));
      locals_.resize(locals_.size() - names.size());
    }
    if (part.parts.empty()) {
      error(node.at, "$map without each(...)", "write {$map: LIST, each(x): TEMPLATE}");
      return literal("[]");
    }
    Part sequence{Part::Kind::sequence, {}, 0, false, {}};
    sequence.parts.push_back(literal("["));
    sequence.parts.push_back(std::move(part));
    sequence.parts.push_back(literal("]"));
    return sequence;
  }

  /// `each(x)` or `each(x, i)`: one or two names; none, and an error, for anything else.
  std::vector<std::string> names_of_each(const Member& member) {
    std::string_view inner = member.key;
    std::vector<std::string> names;
    if (inner.size() > 6 && inner.substr(0, 5) == "each(" && inner.back() == ')') {
      inner = inner.substr(5, inner.size() - 6);
      for (size_t comma = 0; comma != std::string_view::npos && names.size() < 3;) {
        comma = inner.find(',');
        std::string_view name = inner.substr(0, comma);
        while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        names.emplace_back(name);
        if (comma != std::string_view::npos) inner.remove_prefix(comma + 1);
      }
    }
    const bool good = !names.empty() && names.size() < 3 && std::all_of(names.begin(), names.end(), is_name);
    if (good) return names;
    error(member.key_at, fmt::format("unknown key \"{}\" beside $map", member.key), "expected each(x) or each(x, i)",
          member.key.size());
    return {};
  }

  Part choice_operation(const Node& node, const Node& condition) {
    Part part{Part::Kind::choice, {}, 0, false, {}};
    const auto operand_id = operand(condition, "$if");
    if (operand_id) part.snippet = *operand_id;
    for (const Member& member : node.members) {
      if (member.key == "$if" || member.key == "then" || member.key == "else") continue;
      error(member.key_at, fmt::format("unknown key \"{}\" beside $if", member.key), "expected then and else",
            member.key.size());
    }
    const Node* then = node.find("then");
    if (then == nullptr) {
      error(node.at, "$if without then");
      return literal("null");
    }
    part.parts.push_back(value(*then));
    if (const Node* otherwise = node.find("else")) part.parts.push_back(value(*otherwise));
    return part;
  }

  std::shared_ptr<const document::Source> source_;
  Program& program_;
  document::Diagnostics& diagnostics_;
  std::vector<std::string> locals_;
  bool needs_lua_ = false;
};

Template Template::compile(const Node& node, Form form, const std::shared_ptr<const document::Source>& source,
                           Program& program, document::Diagnostics& diagnostics) {
  TemplateCompiler compiler(source, program, diagnostics);
  Template made;
  made.root_ = form == Form::json ? compiler.value(node) : compiler.plain(node);
  made.constant_ = made.root_.kind == Part::Kind::text;
  made.needs_lua_ = compiler.needs_lua();
  return made;
}

void Template::render(Session& session, std::string& out) const {
  if (constant_) {
    out += root_.text;
    return;
  }
  const auto render_root = [&] {
    // What is left out at the top has nothing to be left out of.
    if (!render(root_, session, out)) out += "null";
  };
  if (!needs_lua_) return render_root();
  session.together(first_snippet(root_), render_root);
}

/// Some snippet of a part that is not constant: who is blamed before any runs.
SnippetId Template::first_snippet(const Part& part) {
  if (part.kind != Part::Kind::sequence && part.kind != Part::Kind::members && part.kind != Part::Kind::text)
    return part.snippet;
  for (const Part& inner : part.parts) {
    if (inner.kind != Part::Kind::text) return first_snippet(inner);
  }
  return 0;
}

void Template::for_each_snippet(const Part& part, const std::function<void(SnippetId)>& use) {
  if (part.kind != Part::Kind::sequence && part.kind != Part::Kind::members && part.kind != Part::Kind::text) {
    use(part.snippet);
  }
  for (const Part& inner : part.parts) for_each_snippet(inner, use);
}

void Template::render_items(Session& session, const std::function<void(std::string_view)>& item) const {
  const bool is_map = root_.kind == Part::Kind::sequence && root_.parts.size() == 3 &&
                      root_.parts[1].kind == Part::Kind::map && root_.parts[0].text == "[" &&
                      root_.parts[2].text == "]";
  std::string text;
  if (!is_map) {
    render(session, text);
    item(text);
    return;
  }
  const Part& map = root_.parts[1];
  session.each(map.snippet, map.with_index, [&] {
    text.clear();
    bool kept = false;
    session.together(map.snippet, [&] { kept = render(map.parts[0], session, text); });
    if (kept) item(text);
  });
}

/// False when the part is left out.
bool Template::render(const Part& part, Session& session, std::string& out) {
  switch (part.kind) {
    case Part::Kind::text:
      out += part.text;
      return true;
    case Part::Kind::json:
      session.append_json(part.snippet, out);
      limit(out, session);
      return true;
    case Part::Kind::plain:
      session.append_text(part.snippet, out);
      limit(out, session);
      return true;
    case Part::Kind::escaped: {
      std::string text;
      session.append_text(part.snippet, text);
      out += escaped(text);
      limit(out, session);
      return true;
    }
    case Part::Kind::sequence:
      for (const Part& inner : part.parts) render(inner, session, out);
      return true;
    case Part::Kind::members: {
      bool first = true;
      for (const Part& member : part.parts) {
        const size_t before = out.size();
        if (!first) out += ',';
        out += member.text;
        if (render(member.parts[0], session, out)) {
          first = false;
        } else {
          out.resize(before);
        }
      }
      return true;
    }
    case Part::Kind::map: {
      bool first = true;
      session.each(part.snippet, part.with_index, [&] {
        const size_t before = out.size();
        if (!first) out += ',';
        if (render(part.parts[0], session, out)) {
          first = false;
        } else {
          out.resize(before);
        }
        session.charge(static_cast<int64_t>(out.size() - before) / 16);
        limit(out, session);
      });
      return true;
    }
    case Part::Kind::choice:
      if (session.test(part.snippet)) return render(part.parts[0], session, out);
      return part.parts.size() > 1 && render(part.parts[1], session, out);
  }
  return true;
}

}  // namespace counterpart::expression

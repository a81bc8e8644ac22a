#include <algorithm>

#include "engine/document/json.h"
#include "engine/expression/interpreter_impl.h"
#include "engine/expression/operand.h"

namespace counterpart::expression {

Session::Session(Interpreter& interpreter, Scope& scope, Budget budget)
    : Session(
          interpreter.impl_->program, scope, [&interpreter]() -> Interpreter& { return interpreter; }, budget) {}

Session::Session(const Program& program, Scope& scope, std::function<Interpreter&()> lend, Budget budget)
    : program_(program), scope_(scope), lend_(std::move(lend)), budget_(budget), plain_(program, scope) {}

Session::~Session() {
  if (lua_ != nullptr) lua_->clear();
}

/// From its first call on, names are the interpreter's.
Interpreter::Impl& Session::lua() {
  if (lua_ != nullptr) return *lua_;
  lua_ = lend_().impl_.get();
  SessionData& session = lua_->session;
  ++session.number;
  session.scope = &scope_;
  session.plain = &plain_;
  session.has_changed_state = false;
  session.instructions_left = budget_.instructions;
  session.cpu_deadline_ns = 0;
  session.until_time_check = hook_instructions;
  lua_->budget = budget_;
  lua_->heap.used_before = lua_->heap.used;
  lua_->heap.limit = lua_->heap.used + budget_.memory_bytes;
  lua_->heap.instructions_left = &session.instructions_left;
  return *lua_;
}

/// The value of an expression, unless Lua has to be asked for it.
std::optional<Value> Session::plain(SnippetId expression) {
  running_ = expression;
  const Plain* plain = program_.plain(expression);
  if (plain == nullptr || (plain->has_names() && lua_ != nullptr)) return std::nullopt;
  if (lua_ != nullptr) {
    lua_->session.instructions_left -= static_cast<int64_t>(plain->size());  // checked by the `each` around
    return plain_.value(*plain, lua_->bound);
  }
  auto value = plain_.value(*plain, {});
  const auto* json = value ? std::get_if<const Json*>(&*value) : nullptr;
  if (json != nullptr && is_beyond_lua(**json)) value.reset();
  return value;
}

bool Session::test(SnippetId expression) {
  if (const auto value = plain(expression)) return is_true(*value);
  bool result = false;
  lua().protect(expression, [&] {
    lua_->call(expression, 1);
    result = lua_toboolean(lua_->lua, -1) != 0;
  });
  return result;
}

void Session::run(SnippetId statements) {
  const struct Permission {
    explicit Permission(bool& permitted) : granted(permitted) { granted = true; }
    ~Permission() { granted = false; }
    bool& granted;
  } permission(lua().session.may_change_state);
  running_ = statements;
  lua_->protect(statements, [&] { lua_->call(statements, 0); });
}

bool Session::has_changed_state() const { return lua_ != nullptr && lua_->session.has_changed_state; }

void Session::append_json(SnippetId expression, std::string& out) {
  if (const auto value = plain(expression); value && expression::append_json(*value, out)) return;
  lua().protect(expression, [&] {
    lua_->call(expression, 1);
    expression::append_json(lua_->lua, -1, out);
  });
}

void Session::append_text(SnippetId expression, std::string& out) {
  if (const auto value = plain(expression); value && expression::append_text(*value, out)) return;
  lua().protect(expression, [&] {
    lua_->call(expression, 1);
    if (lua_type(lua_->lua, -1) == LUA_TSTRING) {
      out += to_text(lua_->lua, -1);
    } else if (!lua_isnil(lua_->lua, -1)) {
      expression::append_json(lua_->lua, -1, out);
    }
  });
}

Json Session::value(SnippetId expression) {
  if (const auto value = plain(expression)) {
    if (auto json = to_json(*value)) return *std::move(json);
  }
  Json result;
  lua().protect(expression, [&] {
    lua_->call(expression, 1);
    result = to_json(lua_->lua, -1);
  });
  return result;
}

/// The slots of one `each`, given back when it ends.
struct Session::Frame {
  explicit Frame(Interpreter::Impl& interpreter)
      : lua(interpreter), list(++lua.slots_used), element(++lua.slots_used), index(++lua.slots_used) {
    lua.slots_touched = std::max(lua.slots_touched, lua.slots_used);
  }
  ~Frame() {
    lua.slots_used -= 3;
    lua.bound.resize(outer);
  }

  Interpreter::Impl& lua;
  const size_t outer = lua.bound.size();
  const int list, element, index;
};

void Session::each(SnippetId list, bool with_index, const std::function<void()>& body) {
  lua_State* lua = this->lua().lua;
  running_ = list;
  int64_t length = 0;
  const Frame frame(*lua_);
  lua_->protect(list, [&] {
    lua_->call(list, 1);
    length = list_length(lua, -1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, lua_->locals);
    lua_insert(lua, -2);
    lua_rawseti(lua, -2, frame.list);
  });
  lua_->bound.push_back({frame.element, nullptr, true});
  if (with_index) lua_->bound.push_back({frame.index, nullptr, true});
  for (int64_t place = 1; place <= length; ++place) {
    lua_->protect(list, [&] {
      expression::charge(lua, 10);
      lua_rawgeti(lua, LUA_REGISTRYINDEX, lua_->locals);
      const int locals = lua_gettop(lua);
      lua_rawgeti(lua, locals, frame.list);
      const Json* json = element_json(lua, -1, place);
      lua_->bound[frame.outer] = {frame.element, json, json == nullptr};
      if (json == nullptr) {
        push_element(lua, -1, place);
        lua_rawseti(lua, locals, frame.element);
      }
      if (!with_index) return;
      lua_pushinteger(lua, place);
      lua_rawseti(lua, locals, frame.index);
    });
    body();
  }
}

void Session::together(SnippetId blamed, const std::function<void()>& body) {
  running_ = blamed;
  lua().protect(blamed, body);
}

void Session::charge(int64_t instructions) {
  lua().protect(running_, [&] { expression::charge(lua_->lua, instructions); });
}

void Session::fail(const std::string& reason) {
  lua().protect(running_, [&] {
    push_text(lua_->lua, reason);
    lua_error(lua_->lua);
  });
}

}  // namespace counterpart::expression

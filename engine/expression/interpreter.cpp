#include "engine/expression/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "engine/document/diagnostic.h"
#include "engine/document/json.h"
#include "engine/expression/lua_access.h"
#include "engine/expression/method_calls.h"

namespace counterpart::expression {
namespace {

constexpr int hook_instructions = 1000;
constexpr size_t code_bytes_max = 64u << 10;  ///< of one snippet: Lua compiles `a or a or ...` in quadratic time
constexpr size_t name_bytes_shown = 100;
constexpr size_t names_kept_max = 256;          ///< past so many a session's names go with the table that held them
constexpr size_t garbage_bytes_max = 1u << 20;  ///< a session that leaves more behind is cleaned up after at once

int64_t thread_cpu_ns() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * 1'000'000'000LL + spent.tv_nsec;
}

/// Lua's memory, counted. Large allocations are work too: copying what they hold takes time that no instruction shows.
struct Heap {
  size_t used = 0;
  size_t limit = SIZE_MAX;
  size_t used_before = 0;  ///< when the session began
  int64_t* instructions_left = nullptr;
  lua_State* lua = nullptr;
  std::string refused_at;  ///< the place in Lua that asked for too much: errors of memory have none

  void refuse() {
    lua_Debug frame{};
    refused_at.clear();
    for (int level = 0; lua != nullptr && refused_at.empty() && lua_getstack(lua, level, &frame) != 0; ++level) {
      lua_getinfo(lua, "Sl", &frame);
      if (frame.currentline > 0) refused_at = fmt::format("{}:{}: ", frame.short_src, frame.currentline);
    }
  }

  static void* allocate(void* heap_pointer, void* block, size_t old_bytes, size_t bytes) {
    auto& heap = *static_cast<Heap*>(heap_pointer);
    if (block == nullptr) old_bytes = 0;  // Lua then passes the kind of object
    if (bytes == 0) {
      std::free(block);
      heap.used -= old_bytes;
      return nullptr;
    }
    if (bytes > old_bytes && heap.used + (bytes - old_bytes) > heap.limit) {
      heap.refuse();
      return nullptr;
    }
    void* moved = std::realloc(block, bytes);
    if (moved == nullptr) return nullptr;
    heap.used = heap.used - old_bytes + bytes;
    if (heap.instructions_left != nullptr) *heap.instructions_left -= static_cast<int64_t>(bytes / 64);
    return moved;
  }
};

}  // namespace

namespace {

/// The place at the front of Lua's messages: "s12:3: " is snippet 12, line 3.
struct Place {
  unsigned snippet = 0;
  int line = 0;
  size_t length = 0;  ///< of its text; 0: the message has none
};

Place place_of(std::string_view message) {
  Place place;
  int length = 0;
  if (std::sscanf(std::string(message.substr(0, 40)).c_str(), "s%u:%d: %n", &place.snippet, &place.line, &length) ==
      2) {
    place.length = static_cast<size_t>(length);
  }
  return place;
}

/// Lua's message handler: errors raised below a C function do not say where; the innermost line of Lua is it.
int add_place(lua_State* lua) {
  if (lua_type(lua, 1) != LUA_TSTRING || place_of(to_text(lua, 1)).length > 0) return 1;
  lua_Debug frame{};
  for (int level = 1; lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.currentline <= 0) continue;
    lua_pushfstring(lua, "%s:%d: ", frame.short_src, frame.currentline);
    lua_insert(lua, 1);
    lua_concat(lua, 2);
    break;
  }
  return 1;
}

}  // namespace

/// A name bound by an `each`: its value stands in a slot of the table of locals once some expression needs it.
struct Local {
  int slot;
  const Json* json;  ///< the value where it is JSON; nullptr: it is in the slot already
  bool in_slot;
};

struct Interpreter::Impl {
  explicit Impl(const Program& source) : program(source) {}
  ~Impl() {
    if (lua != nullptr) lua_close(lua);
  }

  const Program& program;
  Heap heap;
  lua_State* lua = nullptr;
  int builtins = LUA_NOREF;
  int names = LUA_NOREF;   ///< the table expressions see as their globals; emptied after every session
  int locals = LUA_NOREF;  ///< what `each(x)` binds, by slot
  struct Function {
    int reference = LUA_NOREF;
    bool names_env = false;  ///< says _ENV, so it may have changed what its names mean
  };
  std::vector<Function> functions;
  std::vector<Local> bound;  ///< by the `each` around, outermost first
  int slots_used = 0;
  int slots_touched = 0;  ///< the most that were used in this session
  SnippetId running = 0;
  bool guarded = false;  ///< inside of a protect
  Budget budget;
  SessionData session;

  void make_names();
  void set_names_of_function();
  void push_function(SnippetId id);
  void call(SnippetId id, int results);
  void clear();
  void forget_names();
  void push_local(Local& local, int table);
  [[noreturn]] void fail(int status);

  /// Runs `body` so that a Lua error inside becomes an Error; it leaves nothing on the stack. Inside of another
  /// protect the error goes on to that one.
  template <typename Body>
  void protect(SnippetId blamed, const Body& body) {
    running = blamed;
    if (guarded) {
      const int top = lua_gettop(lua);
      luaL_checkstack(lua, 16, "expressions nest too deep");
      body();
      lua_settop(lua, top);
      return;
    }
    guarded = true;
    lua_settop(lua, 0);
    lua_pushcfunction(lua, add_place);
    lua_pushcfunction(lua, [](lua_State* inner) {
      (*static_cast<const Body*>(lua_touserdata(inner, 1)))();
      return 0;
    });
    lua_pushlightuserdata(lua, const_cast<Body*>(&body));
    const int status = lua_pcall(lua, 1, 0, 1);
    guarded = false;
    if (status != LUA_OK) fail(status);
    lua_settop(lua, 0);
  }
};

namespace {

Interpreter::Impl*& impl_of(lua_State* lua) { return *static_cast<Interpreter::Impl**>(lua_getextraspace(lua)); }

std::string spent_instructions(const Budget& budget) {
  return fmt::format("used more than its {} instructions", budget.instructions);
}

}  // namespace

SessionData& session_of(lua_State* lua) { return impl_of(lua)->session; }

namespace {

/// Fails without a place: the message handler finds it.
[[noreturn]] void spend(lua_State* lua, std::string message) {
  session_of(lua).spent = std::move(message);
  push_text(lua, session_of(lua).spent);
  lua_error(lua);
  std::abort();  // lua_error never returns
}

void check_time(lua_State* lua) {
  SessionData& session = session_of(lua);
  const int64_t now = thread_cpu_ns();
  const int64_t allowed_ms = impl_of(lua)->budget.cpu_ms;
  if (session.cpu_deadline_ns == 0) session.cpu_deadline_ns = now + allowed_ms * 1'000'000;
  if (now >= session.cpu_deadline_ns) spend(lua, fmt::format("ran for more than its {} ms", allowed_ms));
}

}  // namespace

void charge(lua_State* lua, int64_t instructions) {
  SessionData& session = session_of(lua);
  session.instructions_left -= instructions;
  if (session.scope == nullptr) return;
  if (session.instructions_left < 0) spend(lua, spent_instructions(impl_of(lua)->budget));
  session.until_time_check -= instructions;
  if (session.until_time_check > 0) return;
  session.until_time_check = hook_instructions;
  check_time(lua);
}

namespace {

void on_hook(lua_State* lua, lua_Debug*) { charge(lua, hook_instructions); }

void push_let(lua_State* lua, std::string_view name, SnippetId snippet) {
  SessionData& session = session_of(lua);
  auto& open = session.lets_in_progress;
  if (std::find(open.begin(), open.end(), snippet) != open.end()) {
    luaL_error(lua, "the let \"%s\" needs itself", std::string(name).c_str());
  }
  open.push_back(snippet);
  impl_of(lua)->call(snippet, 1);
  open.pop_back();
}

void push_value(lua_State* lua, std::string_view name, const Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return push_text(lua, *text);
  if (const auto* json = std::get_if<const Json*>(&value)) return push_json(lua, **json);
  if (const auto* number = std::get_if<int64_t>(&value)) return lua_pushinteger(lua, *number);
  if (const auto* boolean = std::get_if<bool>(&value)) return lua_pushboolean(lua, *boolean);
  if (const auto* headers = std::get_if<const HeaderValues*>(&value)) return push_headers(lua, **headers);
  if (const auto* collection = std::get_if<state::Collection*>(&value)) return push_collection(lua, **collection);
  if (const auto* let = std::get_if<Let>(&value)) return push_let(lua, name, let->snippet);
  lua_pushnil(lua);
}

/// __index of the names: helpers first, then what the scope knows; the answer is kept for the session.
int find_name(lua_State* lua) {
  lua_settop(lua, 2);
  lua_pushvalue(lua, 2);
  if (lua_rawget(lua, lua_upvalueindex(1)) != LUA_TNIL) return 1;
  lua_settop(lua, 2);
  const std::string_view name = lua_type(lua, 2) == LUA_TSTRING ? to_text(lua, 2) : "";
  Scope* scope = session_of(lua).scope;
  const std::optional<Value> value = scope == nullptr ? std::nullopt : scope->find(name);
  if (!value && session_of(lua).assigned.contains(name)) return 0;
  if (!value) {
    std::vector<std::string> known = Interpreter::builtin_names();
    for (std::string& more : scope->names()) known.push_back(std::move(more));
    const std::string near = document::nearest(name, known);
    return luaL_error(lua, "nothing is named \"%s\"%s%s%s", std::string(name.substr(0, name_bytes_shown)).c_str(),
                      near.empty() ? "" : ", did you mean \"", near.c_str(), near.empty() ? "" : "\"?");
  }
  push_value(lua, name, *value);
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, -2);
  lua_rawset(lua, 1);
  return 1;
}

/// __newindex of the names: what was assigned is known from now on, be it nil.
int assign_name(lua_State* lua) {
  if (lua_type(lua, 2) == LUA_TSTRING) {
    charge(lua, 16);
    session_of(lua).assigned.emplace(to_text(lua, 2));
  }
  lua_rawset(lua, 1);
  return 0;
}

/// Lua's message ("s12:3: reason") taken apart: the place in the contract, and the reason.
Error to_error(const Program& program, std::string_view message, SnippetId blamed) {
  SnippetId snippet = blamed;
  int line = 1;
  if (const Place place = place_of(message); place.length > 0 && place.snippet < program.size()) {
    snippet = place.snippet;
    line = place.line;
    message.remove_prefix(place.length);
  }
  document::Location where = program.at(snippet).where;
  if (line > 1) {
    where.at.line += line - 1;
    where.at.column = 0;
  }
  return {where, std::string(message)};
}

}  // namespace

/// A new table of names: helpers, then what the scope knows.
void Interpreter::Impl::make_names() {
  lua_newtable(lua);
  lua_createtable(lua, 0, 2);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, builtins);
  lua_pushcclosure(lua, find_name, 1);
  lua_setfield(lua, -2, "__index");
  lua_pushcfunction(lua, assign_name);
  lua_setfield(lua, -2, "__newindex");
  lua_setmetatable(lua, -2);
  lua_pushvalue(lua, -1);
  lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  lua_rawseti(lua, LUA_REGISTRYINDEX, names);
}

/// Gives the snippet's function on top of the stack the table of names: its first upvalue.
void Interpreter::Impl::set_names_of_function() {
  lua_rawgeti(lua, LUA_REGISTRYINDEX, names);
  if (lua_setupvalue(lua, -2, 1) == nullptr) lua_pop(lua, 1);
}

void Interpreter::Impl::push_function(SnippetId id) {
  if (id >= functions.size()) functions.resize(program.size());
  if (functions[id].reference != LUA_NOREF) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, functions[id].reference);
    if (functions[id].names_env) set_names_of_function();
    return;
  }
  const Snippet& snippet = program.at(id);
  if (snippet.code.size() > code_bytes_max) luaL_error(lua, "this is longer than %d KiB", int(code_bytes_max >> 10));
  std::string source;
  if (!snippet.locals.empty()) source = fmt::format("local {} = ...; ", fmt::join(snippet.locals, ", "));
  if (!snippet.statements) source += "return ";
  source += rewrite_method_calls(snippet.code);
  const std::string name = fmt::format("=s{}", id);
  if (luaL_loadbufferx(lua, source.data(), source.size(), name.c_str(), "t") != LUA_OK) lua_error(lua);
  lua_pushvalue(lua, -1);
  functions[id] = {luaL_ref(lua, LUA_REGISTRYINDEX), snippet.code.find("_ENV") != std::string::npos};
}

void Interpreter::Impl::push_local(Local& local, int table) {
  if (!local.in_slot) {
    push_json(lua, *local.json);
    lua_rawseti(lua, table, local.slot);
    local.in_slot = true;
  }
  lua_rawgeti(lua, table, local.slot);
}

/// Calls a snippet with the locals of the `each` around it; leaves its results on the stack.
void Interpreter::Impl::call(SnippetId id, int results) {
  luaL_checkstack(lua, 8, "expressions nest too deep");
  push_function(id);
  const size_t locals_count = program.at(id).locals.size();
  if (locals_count > 0) {
    luaL_checkstack(lua, static_cast<int>(locals_count) + 2, "too many locals");
    lua_rawgeti(lua, LUA_REGISTRYINDEX, locals);
    const int table = lua_gettop(lua);
    for (size_t i = 0; i < locals_count; ++i) push_local(bound[i], table);
    lua_remove(lua, table);
  }
  lua_call(lua, static_cast<int>(locals_count), results);
}

void Interpreter::Impl::fail(int status) {
  std::string message = "failed";
  if (status == LUA_ERRMEM) {
    message = fmt::format("{}used more than its {} MiB of memory", std::exchange(heap.refused_at, {}),
                          budget.memory_bytes >> 20);
  } else if (status > LUA_OK && lua_type(lua, -1) == LUA_TSTRING) {  // below: an exception that is not Lua's
    message = to_text(lua, -1);
  }
  lua_settop(lua, 0);
  Error error = to_error(program, message, running);
  if (!session.spent.empty()) error = Error(error.where(), session.spent);
  throw error;
}

/// Empties the table of names, and the slots of the names bound by `each`.
void Interpreter::Impl::forget_names() {
  lua_settop(lua, 0);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, names);
  size_t count = 0;
  lua_pushnil(lua);
  for (; lua_next(lua, 1) != 0; ++count) {
    lua_pop(lua, 1);
    lua_pushvalue(lua, -1);
    lua_pushnil(lua);
    lua_rawset(lua, 1);
  }
  lua_settop(lua, 0);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, locals);
  for (; slots_touched > 0; --slots_touched) {
    lua_pushnil(lua);
    lua_rawseti(lua, 1, slots_touched);
  }
  lua_settop(lua, 0);
  if (count <= names_kept_max) return;
  make_names();  // an emptied table keeps its size, and would be walked over after every session
  for (const Function& function : functions) {
    if (function.reference == LUA_NOREF) continue;
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function.reference);
    set_names_of_function();
    lua_settop(lua, 0);
  }
}

/// Ends a session: nothing of it is seen by the next one.
void Interpreter::Impl::clear() {
  heap.limit = SIZE_MAX;
  heap.instructions_left = nullptr;
  forget_names();
  session.scope = nullptr;
  session.may_change_state = false;
  session.spent.clear();
  session.views.clear();
  session.values.clear();
  session.removed.clear();
  session.assigned.clear();
  session.lets_in_progress.clear();
  bound.clear();
  slots_used = 0;
  if (heap.used > heap.used_before + garbage_bytes_max) lua_gc(lua, LUA_GCCOLLECT);
}

Interpreter::Interpreter(const Program& program) : impl_(std::make_unique<Impl>(program)) {
  lua_State* lua = impl_->lua = impl_->heap.lua = lua_newstate(Heap::allocate, &impl_->heap);
  if (lua == nullptr) throw std::bad_alloc();
  impl_of(lua) = impl_.get();
  lua_newtable(lua);
  const int builtins = lua_gettop(lua);
  open_objects(lua);
  open_helpers(lua, builtins);
  open_libraries(lua, builtins);
  impl_->builtins = luaL_ref(lua, LUA_REGISTRYINDEX);
  lua_newtable(lua);
  impl_->names = luaL_ref(lua, LUA_REGISTRYINDEX);
  impl_->make_names();
  lua_newtable(lua);
  impl_->locals = luaL_ref(lua, LUA_REGISTRYINDEX);
  lua_settop(lua, 0);
  lua_sethook(lua, on_hook, LUA_MASKCOUNT, hook_instructions);
}

Interpreter::~Interpreter() = default;

void Interpreter::compile(SnippetId snippet) {
  impl_->protect(snippet, [&] { impl_->push_function(snippet); });
}

const std::vector<std::string>& Interpreter::builtin_names() {
  static const std::vector<std::string> names{
      "null",   "page", "map",   "filter",   "find",     "contains",   "matches",     "ceil",  "floor",
      "min",    "max",  "iso",   "epoch_ms", "uuid",     "random_int", "random_text", "range", "list",
      "string", "math", "table", "tostring", "tonumber", "type",       "ipairs",      "pairs",
  };
  return names;
}

Session::Session(Interpreter& interpreter, Scope& scope, Budget budget) : lua_(*interpreter.impl_), budget_(budget) {
  SessionData& session = lua_.session;
  ++session.number;
  session.scope = &scope;
  session.instructions_left = budget.instructions;
  session.cpu_deadline_ns = 0;
  session.until_time_check = hook_instructions;
  lua_.budget = budget;
  lua_.heap.used_before = lua_.heap.used;
  lua_.heap.limit = lua_.heap.used + budget.memory_bytes;
  lua_.heap.instructions_left = &session.instructions_left;
}

Session::~Session() { lua_.clear(); }

bool Session::test(SnippetId expression) {
  bool result = false;
  lua_.protect(expression, [&] {
    lua_.call(expression, 1);
    result = lua_toboolean(lua_.lua, -1) != 0;
  });
  return result;
}

void Session::run(SnippetId statements) {
  const struct Permission {
    explicit Permission(bool& permitted) : granted(permitted) { granted = true; }
    ~Permission() { granted = false; }
    bool& granted;
  } permission(lua_.session.may_change_state);
  lua_.protect(statements, [&] { lua_.call(statements, 0); });
}

void Session::append_json(SnippetId expression, std::string& out) {
  lua_.protect(expression, [&] {
    lua_.call(expression, 1);
    expression::append_json(lua_.lua, -1, out);
  });
}

void Session::append_text(SnippetId expression, std::string& out) {
  lua_.protect(expression, [&] {
    lua_.call(expression, 1);
    if (lua_type(lua_.lua, -1) == LUA_TSTRING) {
      out += to_text(lua_.lua, -1);
    } else if (!lua_isnil(lua_.lua, -1)) {
      expression::append_json(lua_.lua, -1, out);
    }
  });
}

Json Session::value(SnippetId expression) {
  Json result;
  lua_.protect(expression, [&] {
    lua_.call(expression, 1);
    result = to_json(lua_.lua, -1);
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
  lua_State* lua = lua_.lua;
  int64_t length = 0;
  const Frame frame(lua_);
  lua_.protect(list, [&] {
    lua_.call(list, 1);
    length = list_length(lua, -1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, lua_.locals);
    lua_insert(lua, -2);
    lua_rawseti(lua, -2, frame.list);
  });
  lua_.bound.push_back({frame.element, nullptr, true});
  if (with_index) lua_.bound.push_back({frame.index, nullptr, true});
  for (int64_t place = 1; place <= length; ++place) {
    lua_.protect(list, [&] {
      expression::charge(lua, 10);
      lua_rawgeti(lua, LUA_REGISTRYINDEX, lua_.locals);
      const int locals = lua_gettop(lua);
      lua_rawgeti(lua, locals, frame.list);
      const Json* json = element_json(lua, -1, place);
      lua_.bound[frame.outer] = {frame.element, json, json == nullptr};
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

bool Session::append_field(size_t local, std::string_view field, std::string& out) {
  const Json* json = lua_.bound[local].json;
  if (json == nullptr || !json->is_object()) return false;
  lua_.session.instructions_left -= 2;  // what the expression would have taken; checked by the `each` around
  for (const auto& [key, value] : json->get_ref<const Json::object_t&>()) {
    if (key != field) continue;
    if (value.is_string()) {
      document::append_json_string(out, value.get_ref<const std::string&>());
    } else {
      out += document::write_json(value);
    }
    return true;
  }
  out += "null";
  return true;
}

void Session::together(SnippetId blamed, const std::function<void()>& body) { lua_.protect(blamed, body); }

void Session::charge(int64_t instructions) {
  lua_.protect(lua_.running, [&] { expression::charge(lua_.lua, instructions); });
}

void Session::fail(const std::string& reason) {
  lua_.protect(lua_.running, [&] {
    push_text(lua_.lua, reason);
    lua_error(lua_.lua);
  });
}

}  // namespace counterpart::expression

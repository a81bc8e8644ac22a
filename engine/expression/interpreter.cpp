#include "engine/expression/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "engine/document/diagnostic.h"
#include "engine/expression/lua_access.h"
#include "engine/expression/method_calls.h"

namespace counterpart::expression {
namespace {

constexpr int hook_instructions = 1000;

int64_t thread_cpu_ns() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * 1'000'000'000LL + spent.tv_nsec;
}

/// Lua's memory, counted. Large allocations are work too: copying what they hold takes time that no instruction shows.
struct Heap {
  size_t used = 0;
  size_t limit = SIZE_MAX;
  int64_t* instructions_left = nullptr;

  static void* allocate(void* heap_pointer, void* block, size_t old_bytes, size_t bytes) {
    auto& heap = *static_cast<Heap*>(heap_pointer);
    if (block == nullptr) old_bytes = 0;  // Lua then passes the kind of object
    if (bytes == 0) {
      std::free(block);
      heap.used -= old_bytes;
      return nullptr;
    }
    if (bytes > old_bytes && heap.used + (bytes - old_bytes) > heap.limit) return nullptr;
    void* moved = std::realloc(block, bytes);
    if (moved == nullptr) return nullptr;
    heap.used = heap.used - old_bytes + bytes;
    if (heap.instructions_left != nullptr) *heap.instructions_left -= static_cast<int64_t>(bytes / 64);
    return moved;
  }
};

}  // namespace

struct Interpreter::Impl {
  explicit Impl(const Program& source) : program(source) {}
  ~Impl() {
    if (lua != nullptr) lua_close(lua);
  }

  const Program& program;
  Heap heap;
  lua_State* lua = nullptr;
  int names = LUA_NOREF;   ///< the table expressions see as their globals; emptied after every session
  int locals = LUA_NOREF;  ///< what `each(x)` binds, by slot
  std::vector<int> functions;
  std::vector<int> local_slots;
  int slots_used = 0;
  SnippetId running = 0;
  Budget budget;
  SessionData session;

  void push_function(SnippetId id);
  void call(SnippetId id, int results);
  void clear();
  [[noreturn]] void fail(int status, SnippetId blamed);

  /// Runs `body` so that a Lua error inside becomes an Error.
  template <typename Body>
  void protect(SnippetId blamed, const Body& body) {
    running = blamed;
    lua_pushcfunction(lua, [](lua_State* inner) {
      (*static_cast<const Body*>(lua_touserdata(inner, 1)))();
      return 0;
    });
    lua_pushlightuserdata(lua, const_cast<Body*>(&body));
    if (const int status = lua_pcall(lua, 1, 0, 0); status != LUA_OK) fail(status, blamed);
  }
};

namespace {

Interpreter::Impl*& impl_of(lua_State* lua) { return *static_cast<Interpreter::Impl**>(lua_getextraspace(lua)); }

}  // namespace

namespace {

std::string spent_instructions(const Budget& budget) {
  return fmt::format("used more than its {} instructions", budget.instructions);
}

}  // namespace

SessionData& session_of(lua_State* lua) { return impl_of(lua)->session; }

void charge(lua_State* lua, int64_t instructions) {
  SessionData& session = session_of(lua);
  session.instructions_left -= instructions;
  if (session.instructions_left >= 0 || session.scope == nullptr) return;
  session.spent = spent_instructions(impl_of(lua)->budget);
  luaL_error(lua, "%s", session.spent.c_str());
}

namespace {

void on_hook(lua_State* lua, lua_Debug*) {
  charge(lua, hook_instructions);
  SessionData& session = session_of(lua);
  if (session.scope == nullptr) return;
  const int64_t now = thread_cpu_ns();
  const int64_t allowed_ms = impl_of(lua)->budget.cpu_ms;
  if (session.cpu_deadline_ns == 0) session.cpu_deadline_ns = now + allowed_ms * 1'000'000;
  if (now < session.cpu_deadline_ns) return;
  session.spent = fmt::format("ran for more than its {} ms", allowed_ms);
  luaL_error(lua, "%s", session.spent.c_str());
}

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
  if (!value) {
    std::vector<std::string> known = Interpreter::builtin_names();
    for (std::string& more : scope->names()) known.push_back(std::move(more));
    const std::string near = document::nearest(name, known);
    return luaL_error(lua, "nothing is named \"%s\"%s%s%s", std::string(name).c_str(),
                      near.empty() ? "" : ", did you mean \"", near.c_str(), near.empty() ? "" : "\"?");
  }
  push_value(lua, name, *value);
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, -2);
  lua_rawset(lua, 1);
  return 1;
}

/// Lua's message ("s12:3: reason") taken apart: the place in the contract, and the reason.
Error to_error(const Program& program, std::string_view message, SnippetId blamed) {
  SnippetId snippet = blamed;
  int line = 1;
  unsigned id = 0;
  int length = 0;
  if (std::sscanf(std::string(message.substr(0, 40)).c_str(), "s%u:%d: %n", &id, &line, &length) == 2 && length > 0 &&
      id < program.size()) {
    snippet = id;
    message.remove_prefix(static_cast<size_t>(length));
  }
  document::Location where = program.at(snippet).where;
  if (line > 1) {
    where.at.line += line - 1;
    where.at.column = 0;
  }
  return {where, std::string(message)};
}

}  // namespace

void Interpreter::Impl::push_function(SnippetId id) {
  if (id >= functions.size()) functions.resize(program.size(), LUA_NOREF);
  if (functions[id] != LUA_NOREF) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, functions[id]);
    return;
  }
  const Snippet& snippet = program.at(id);
  std::string source;
  if (!snippet.locals.empty()) source = fmt::format("local {} = ...; ", fmt::join(snippet.locals, ", "));
  if (!snippet.statements) source += "return ";
  source += rewrite_method_calls(snippet.code);
  const std::string name = fmt::format("=s{}", id);
  if (luaL_loadbufferx(lua, source.data(), source.size(), name.c_str(), "t") != LUA_OK) lua_error(lua);
  lua_pushvalue(lua, -1);
  functions[id] = luaL_ref(lua, LUA_REGISTRYINDEX);
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
    for (size_t i = 0; i < locals_count; ++i) {
      lua_rawgeti(lua, table, i < local_slots.size() ? local_slots[i] : 0);
    }
    lua_remove(lua, table);
  }
  lua_call(lua, static_cast<int>(locals_count), results);
}

void Interpreter::Impl::fail(int status, SnippetId blamed) {
  std::string message = "failed";
  if (status == LUA_ERRMEM) {
    message = fmt::format("used more than its {} MiB of memory", budget.memory_bytes >> 20);
  } else if (lua_type(lua, -1) == LUA_TSTRING) {
    message = to_text(lua, -1);
  }
  lua_settop(lua, 0);
  Error error = to_error(program, message, blamed);
  if (!session.spent.empty()) error = Error(error.where(), session.spent);
  throw error;
}

/// Ends a session: nothing of it is seen by the next one.
void Interpreter::Impl::clear() {
  lua_settop(lua, 0);
  lua_rawgeti(lua, LUA_REGISTRYINDEX, names);
  lua_pushnil(lua);
  while (lua_next(lua, 1) != 0) {
    lua_pop(lua, 1);
    lua_pushvalue(lua, -1);
    lua_pushnil(lua);
    lua_rawset(lua, 1);
  }
  lua_settop(lua, 0);
  session.scope = nullptr;
  session.may_change_state = false;
  session.spent.clear();
  session.views.clear();
  session.values.clear();
  session.removed.clear();
  session.lets_in_progress.clear();
  local_slots.clear();
  slots_used = 0;
  heap.limit = SIZE_MAX;
  heap.instructions_left = nullptr;
}

Interpreter::Interpreter(const Program& program) : impl_(std::make_unique<Impl>(program)) {
  lua_State* lua = impl_->lua = lua_newstate(Heap::allocate, &impl_->heap);
  if (lua == nullptr) throw std::bad_alloc();
  impl_of(lua) = impl_.get();
  lua_newtable(lua);
  const int builtins = lua_gettop(lua);
  open_objects(lua);
  open_helpers(lua, builtins);
  open_libraries(lua, builtins);
  lua_newtable(lua);  // the names
  lua_createtable(lua, 0, 1);
  lua_pushvalue(lua, builtins);
  lua_pushcclosure(lua, find_name, 1);
  lua_setfield(lua, -2, "__index");
  lua_setmetatable(lua, -2);
  lua_pushvalue(lua, -1);
  lua_rawseti(lua, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
  impl_->names = luaL_ref(lua, LUA_REGISTRYINDEX);
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
      "null",    "page",        "map",     "filter",   "find",   "contains", "matches", "ceil",   "floor", "min",
      "max",     "iso",         "epoch_ms", "uuid",    "random_int", "random_text", "range", "list", "string", "math",
      "table",   "tostring",    "tonumber", "type",    "ipairs", "pairs",
  };
  return names;
}

Session::Session(Interpreter& interpreter, Scope& scope, Budget budget) : lua_(*interpreter.impl_), budget_(budget) {
  SessionData& session = lua_.session;
  ++session.number;
  session.scope = &scope;
  session.instructions_left = budget.instructions;
  session.cpu_deadline_ns = 0;
  lua_.budget = budget;
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
  lua_.session.may_change_state = true;
  lua_.protect(statements, [&] { lua_.call(statements, 0); });
  lua_.session.may_change_state = false;
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
  explicit Frame(Interpreter::Impl& interpreter, size_t locals)
      : lua(interpreter), list(++lua.slots_used), element(++lua.slots_used), index(++lua.slots_used), bound(locals) {
    lua.local_slots.push_back(element);
    if (bound > 1) lua.local_slots.push_back(index);
  }
  ~Frame() {
    lua.slots_used -= 3;
    lua.local_slots.resize(lua.local_slots.size() - bound);
  }

  Interpreter::Impl& lua;
  const int list, element, index;
  const size_t bound;
};

void Session::each(SnippetId list, bool with_index, const std::function<void()>& body) {
  lua_State* lua = lua_.lua;
  int64_t length = 0;
  const int list_slot = lua_.slots_used + 1;  // evaluated before the frame exists: it does not see its own locals
  lua_.protect(list, [&] {
    lua_.call(list, 1);
    length = list_length(lua, -1);
    lua_rawgeti(lua, LUA_REGISTRYINDEX, lua_.locals);
    lua_insert(lua, -2);
    lua_rawseti(lua, -2, list_slot);
  });
  const Frame frame(lua_, with_index ? 2 : 1);
  for (int64_t place = 1; place <= length; ++place) {
    lua_.protect(list, [&] {
      charge(10);
      lua_rawgeti(lua, LUA_REGISTRYINDEX, lua_.locals);
      const int locals = lua_gettop(lua);
      lua_rawgeti(lua, locals, frame.list);
      push_element(lua, -1, place);
      lua_rawseti(lua, locals, frame.element);
      lua_pushinteger(lua, place);
      lua_rawseti(lua, locals, frame.index);
    });
    body();
  }
}

void Session::charge(int64_t instructions) {
  lua_.session.instructions_left -= instructions;
  if (lua_.session.instructions_left >= 0) return;
  throw Error(lua_.program.at(lua_.running).where, spent_instructions(budget_));
}

}  // namespace counterpart::expression

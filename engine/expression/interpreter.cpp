#include "engine/expression/interpreter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "engine/expression/interpreter_impl.h"
#include "engine/expression/method_calls.h"

namespace counterpart::expression {
namespace {

constexpr size_t code_bytes_max = 64u << 10;    ///< of one snippet: Lua compiles `a or a or ...` in quadratic time
constexpr size_t garbage_bytes_max = 1u << 20;  ///< a session that leaves more behind is cleaned up after at once

int64_t thread_cpu_ns() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * 1'000'000'000LL + spent.tv_nsec;
}

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

}  // namespace

void Heap::refuse() {
  lua_Debug frame{};
  refused_at.clear();
  for (int level = 0; lua != nullptr && refused_at.empty() && lua_getstack(lua, level, &frame) != 0; ++level) {
    lua_getinfo(lua, "Sl", &frame);
    if (frame.currentline > 0) refused_at = fmt::format("{}:{}: ", frame.short_src, frame.currentline);
  }
}

void* Heap::allocate(void* heap_pointer, void* block, size_t old_bytes, size_t bytes) {
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

namespace {

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

/// Ends a session: nothing of it is seen by the next one.
void Interpreter::Impl::clear() {
  heap.limit = SIZE_MAX;
  heap.instructions_left = nullptr;
  forget_names();
  session.scope = nullptr;
  session.plain = nullptr;
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

}  // namespace counterpart::expression

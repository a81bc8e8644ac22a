#pragma once
/// Internal to this folder: the Lua state of an Interpreter, for what runs snippets in it (interpreter.cpp), gives it its
/// names (name_table.cpp) and uses it for one answer (session.cpp).

#include <cstdint>
#include <string>
#include <vector>

#include "engine/expression/interpreter.h"
#include "engine/expression/lua_access.h"

namespace counterpart::expression {

constexpr int hook_instructions = 1000;  ///< between two looks at the budget

/// Lua's memory, counted. Large allocations are work too: copying what they hold takes time that no instruction shows.
struct Heap {
  size_t used = 0;
  size_t limit = SIZE_MAX;
  size_t used_before = 0;  ///< when the session began
  int64_t* instructions_left = nullptr;
  lua_State* lua = nullptr;
  std::string refused_at;  ///< the place in Lua that asked for too much: errors of memory have none

  /// A lua_Alloc whose first argument is a Heap.
  static void* allocate(void* heap, void* block, size_t old_bytes, size_t bytes);
  void refuse();
};

/// Lua's message handler: errors raised below a C function do not say where; the innermost line of Lua is it.
int add_place(lua_State* lua);

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

inline Interpreter::Impl*& impl_of(lua_State* lua) { return *static_cast<Interpreter::Impl**>(lua_getextraspace(lua)); }

}  // namespace counterpart::expression

#pragma once
/// Lua 5.4 in a sandbox: runs the snippets of a Program against a Scope. The only folder that knows Lua.
///
/// An Interpreter is a Lua state with the program's snippets, compiled when first used; one thread at a time. A
/// Session is its use for one answer: names, budgets and temporary values live as long as the session and no longer.
/// What is plain (plain.h) a session evaluates itself until something needs Lua; most need none. The engine keeps
/// interpreters in a pool.

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/expression/plain.h"
#include "engine/expression/program.h"
#include "engine/expression/scope.h"

namespace counterpart::expression {

/// What one session may use. Past either budget the expression fails with an Error that names its line.
struct Budget {
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // a fuzzer has better things to do than to run loops to their end
  int64_t instructions = 50'000;
#else
  int64_t instructions = 10'000'000;  ///< Lua instructions, plus what the helpers do element by element
#endif
  size_t memory_bytes = 16u << 20;  ///< what Lua may hold at once
  int64_t cpu_ms = 2'000;           ///< a net under the two: few instructions can still take long
};

class Interpreter {
 public:
  /// The program must outlive the interpreter and may grow.
  explicit Interpreter(const Program& program);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// Compiles one snippet now. Throws Error for a syntax error.
  void compile(SnippetId snippet);

  /// Names an expression can always use: helpers and libraries. A contract must not give them another meaning.
  static const std::vector<std::string>& builtin_names();

  struct Impl;  ///< known to this folder's sources alone

 private:
  friend class Session;
  std::unique_ptr<Impl> impl_;
};

/// Every method but the constructor throws Error. Not copyable, one per interpreter at a time.
class Session {
 public:
  Session(Interpreter& interpreter, Scope& scope, Budget budget = {});
  /// Asks for its interpreter, one of that program, when it first needs Lua.
  Session(const Program& program, Scope& scope, std::function<Interpreter&()> lend, Budget budget = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Whether an expression is true as Lua sees it: neither nil nor false.
  bool test(SnippetId expression);
  /// Runs statements; they may change collections. Names they assign are seen by what runs later in the session.
  void run(SnippetId statements);
  /// Whether run() called a method that changes a collection, be it to what it was.
  bool has_changed_state() const;
  /// Appends an expression's value as compact JSON; nil as null.
  void append_json(SnippetId expression, std::string& out);
  /// Appends it as text: strings as they are, the rest as JSON, nil as nothing.
  void append_text(SnippetId expression, std::string& out);
  nlohmann::ordered_json value(SnippetId expression);
  /// Calls `body` for every element of the list an expression gives. Inside, the element (and, with `with_index`, its
  /// place from one) are the innermost locals.
  void each(SnippetId list, bool with_index, const std::function<void()>& body);
  /// Runs `body`, in which this session is used many times, under one guard against Lua errors instead of one each.
  void together(SnippetId blamed, const std::function<void()>& body);

  /// Charges work done on the session's behalf outside of Lua, e.g. text rendered.
  void charge(int64_t instructions);
  /// Fails with that reason, at the expression that ran last.
  void fail(const std::string& reason);

 private:
  struct Frame;
  Interpreter::Impl& lua();
  std::optional<Value> plain(SnippetId expression);

  const Program& program_;
  Scope& scope_;
  const std::function<Interpreter&()> lend_;
  const Budget budget_;
  PlainSession plain_;
  Interpreter::Impl* lua_ = nullptr;  ///< nullptr: has not been needed
  SnippetId running_ = 0;
};

}  // namespace counterpart::expression

#pragma once
/// Method calls on collections without reserving names of items: `sessions:where{...}` is rewritten to
/// `sessions "where" {...}` before Lua compiles it, so that `sessions[key]` only ever means the item of that key. With
/// Lua's own `:` both would ask the same __index, and a client that sends the key "insert" would be handed a method.

#include <string>
#include <string_view>

namespace counterpart::expression {

/// Rewrites the calls of the methods listed in method_names() outside of strings and comments. Lines keep their numbers.
std::string rewrite_method_calls(std::string_view code);

/// The end of what is no code at `at`: a string or a comment; `at` when there is neither.
size_t skip_opaque(std::string_view code, size_t at);

/// Whether a method of collections changes them.
bool changes_state(std::string_view method);

/// Whether a name is called as a method of collections, lists or strings.
bool is_method(std::string_view name);

}  // namespace counterpart::expression

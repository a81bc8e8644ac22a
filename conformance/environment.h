#pragma once
/// `${env.NAME}` in the values of a target file. The only place where this folder reads the environment.

#include "engine/contract/fields.h"
#include "engine/document/node.h"

namespace counterpart::conformance {

/// Who reads a text after `${env.NAME}` was replaced in it.
enum class Reader {
  nobody,   ///< any other `${` is an error, `$${` is a literal `${`
  hook,     ///< `${scenario}` and `${ms}` stay, and so does `$${`: hooks.h replaces them
  command,  ///< a shell, which has a `${` of its own: everything else stays, `$${` is a literal `${`
};

/// Replaces it in every text of the value, keys excepted. What is wrong is reported where it stands.
void replace_environment(document::Node& node, Reader reader, const contract::Reading& reading);

}  // namespace counterpart::conformance

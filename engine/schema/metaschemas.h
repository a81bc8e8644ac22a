#pragma once
/// The metaschemas that JSON Schema publishes for its drafts 2020-12 and 7, as JSON text. Read by registry.cpp.

#include <span>
#include <string_view>

namespace counterpart::schema {

std::span<const std::string_view> metaschema_texts();

}  // namespace counterpart::schema

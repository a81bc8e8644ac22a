#pragma once
/// Turns yaml-cpp's terse syntax errors into diagnostics a person can act on. Used by the YAML reader alone.

#include <yaml-cpp/exceptions.h>

#include "engine/document/diagnostic.h"
#include "engine/document/yaml_builder.h"
#include "engine/document/yaml_text.h"

namespace counterpart::document {

/// What is wrong, where and what to do, for an error the parser threw after it had reported to `builder`. `base` is
/// added to the parser's offsets.
Diagnostic explain_yaml_error(const YAML::Exception& error, const YamlText& text, size_t base,
                              const YamlBuilder& builder);

}  // namespace counterpart::document

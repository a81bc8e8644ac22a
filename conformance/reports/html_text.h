#pragma once
/// Text as it may stand in HTML. For everything that writes HTML here.

#include <string>
#include <string_view>

namespace counterpart::conformance::reports {

/// For text content and for attribute values in double quotes: `&`, `<`, `>`, `"` and `'` become references. The text
/// must be fit to be shown already (text.h).
std::string escaped_html(std::string_view text);

}  // namespace counterpart::conformance::reports

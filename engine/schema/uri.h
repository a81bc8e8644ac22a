#pragma once
/// URI references as `$id` and `$ref` need them (RFC 3986, 5), and JSON Pointers in their fragments (RFC 6901, 6).

#include <optional>
#include <string>
#include <string_view>

namespace counterpart::schema {

/// A reference resolved against its base.
struct Address {
  std::string uri;       ///< without the fragment
  std::string fragment;  ///< percent-decoded; "" also where there is none
};

/// `base` without a fragment, perhaps "".
Address resolve(std::string_view base, std::string_view reference);

/// Takes the first name off a JSON Pointer, unescaped; nullopt when there is none.
std::optional<std::string> take_step(std::string_view& pointer);

/// A name as a step of a JSON Pointer, behind its "/".
void append_step(std::string& pointer, std::string_view name);

}  // namespace counterpart::schema

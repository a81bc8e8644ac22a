#pragma once
/// HTTP requests and responses as plain values (RFC 9110): what every player hands to the engine and gets back.
/// Nothing here reads a socket or a clock.

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpart::http {

struct Header {
  std::string name;
  std::string value;
};

/// Header fields in the order they came. Names compare without case (RFC 9110, 5.1). Linear search: messages
/// have few fields, and the connection limits their number.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> fields) : fields_(fields) {}

  /// Makes place for so many fields.
  void reserve(size_t fields) { fields_.reserve(fields); }
  void add(std::string name, std::string value) { fields_.push_back({std::move(name), std::move(value)}); }
  /// Replaces every field of that name by one, at the first one's place; adds it where there is none.
  void set(std::string_view name, std::string value);
  /// Takes out every field of that name.
  void remove(std::string_view name);
  /// The first field's value, or nullptr. Valid until the headers change.
  const std::string* find(std::string_view name) const;

  bool empty() const { return fields_.empty(); }
  size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<Header> fields_;
};

/// ASCII case-insensitive equality, as HTTP compares names and tokens.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Text as a header field's value may stand (RFC 9110, 5.5): control characters become spaces.
std::string field_value(std::string text);

/// ASCII letters in lower case, the rest as it is.
std::string lower_case(std::string_view text);

struct Request {
  std::string method;  ///< as sent: methods are case-sensitive (RFC 9110, 9.1)
  std::string target;  ///< origin-form (RFC 9112, 3.2.1), as sent: "/path?query", still percent-encoded
  Headers headers;
  std::string body;      ///< decoded: no chunk framing left
  bool secure = false;   ///< it came over TLS: its URL begins with https
  std::string prefix{};  ///< what the player took off the target's front: "" or "/~" and a space's name
};

struct Response {
  int status = 200;
  Headers headers;  ///< without Content-Length, Connection and other framing: the player adds those
  std::string body;
};

/// The reason phrase of RFC 9110, 15 (and of the few RFCs that extend it: 428, 429, 431, 511 and the like), or "" for
/// a status they do not list.
std::string_view reason_phrase(int status);

}  // namespace counterpart::http

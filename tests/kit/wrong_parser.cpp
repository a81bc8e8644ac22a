// A parser with three planted bugs, each shown by answers of one class; PLANTED in the environment says which is there.
#include <counterpart/fuzz.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

/// Indexes the first of the sessions, though there may be none.
void first_of_an_empty_list(const std::string& body) {
  if (body.find("\"sessions\":[]") == std::string::npos) return;
  const std::vector<int> sessions;
  const int* first = sessions.data();
  *const_cast<volatile int*>(first) = 1;
}

/// Takes for granted that the expiry is a text.
void expiry_that_is_a_number(const std::string& body) {
  const size_t at = body.find("\"expiry\":");
  if (at == std::string::npos || at + 9 >= body.size()) return;
  const char c = body[at + 9];
  if (c >= '0' && c <= '9') throw std::string("no text");
}

/// Reads until a bracket closes, though none may.
void end_that_never_comes(const std::string& body) {
  if (body.empty() || body[0] != '{') return;
  const std::unique_ptr<char[]> copy(new char[body.size()]);
  std::memcpy(copy.get(), body.data(), body.size());
  const volatile char* at = copy.get();
  while (*at != '}') ++at;
}

const char* name_of(counterpart::Legality legality) {
  if (legality == counterpart::Legality::legal) return "legal";
  return legality == counterpart::Legality::nearly_legal ? "nearly legal" : "broken";
}

/// Only answers of the class named are parsed: what is told of a finding must then be this class.
void parse(const counterpart::Response& response) {
  const char* planted = std::getenv("PLANTED");
  const std::string bug = planted == nullptr ? "" : planted;
  if (bug != name_of(response.legality)) return;
  if (bug == "legal") first_of_an_empty_list(response.body);
  if (bug == "nearly legal") expiry_that_is_a_number(response.body);
  if (bug == "broken") end_that_never_comes(response.body);
}

}  // namespace

COUNTERPART_FUZZ_RESPONSES("contract", parse);

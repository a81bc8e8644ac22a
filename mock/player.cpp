#include "mock/player.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "engine/http/problem.h"
#include "engine/http/url.h"

namespace counterpart::mock {

namespace {

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.find("origin") != nullptr &&
         request.headers.find("access-control-request-method") != nullptr;
}

/// A preflight that fails, or that does not allow the method, would hide from the page what the request itself is told.
void answer_preflight(const http::Request& request, http::Response& response) {
  const std::string* allow = response.headers.find("allow");
  const std::string& method = *request.headers.find("access-control-request-method");
  std::string methods = allow == nullptr ? method : *allow;
  if (allow != nullptr && (", " + *allow + ",").find(" " + method + ",") == std::string::npos) methods += ", " + method;
  const std::string* asked = request.headers.find("access-control-request-headers");
  response = {204, {}, ""};
  response.headers.add("Access-Control-Allow-Methods", http::field_value(methods));
  // "*" does not stand for Authorization: name what was asked for.
  response.headers.add("Access-Control-Allow-Headers", asked == nullptr ? "*" : *asked);
  response.headers.add("Access-Control-Max-Age", "600");
}

/// CORS headers of the Fetch standard, 3.2.3: every origin may read everything. Credentials are not allowed along with
/// "*", and a mock's are not cookies.
void add_cors(const http::Request& request, http::Response& response) {
  if (is_preflight(request)) answer_preflight(request, response);
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Access-Control-Expose-Headers", "*");
}

/// `OPTIONS *` asks about the server, not about a path (RFC 9110, 9.3.7).
bool is_about_server(const http::Request& request) { return request.target == "*"; }

/// Moves "/~name" from the target to the prefix, also where it is percent-encoded: all its characters are unreserved, so
/// that means the same (RFC 3986, 6.2.2.2). The name, "" for one that is none, nullopt where the target has no such prefix.
std::optional<std::string> take_space(http::Request& request) {
  std::string& target = request.target;
  const bool may_be = target.starts_with(space_prefix) || target.starts_with("/%7E") || target.starts_with("/%7e");
  if (!may_be) return std::nullopt;
  const size_t end = std::min(target.find_first_of("/?", 1), target.size());
  const auto prefix = http::percent_decode(std::string_view(target).substr(0, end));
  request.prefix = target.substr(0, end);
  target.erase(0, end);
  if (!target.starts_with('/')) target.insert(0, 1, '/');
  return prefix ? prefix->substr(space_prefix.size()) : std::string();
}

/// The name of the space a request is for, which is taken off it; nullopt when it names none as it should.
std::optional<std::string> space_of(http::Request& request) {
  auto name = take_space(request);
  const std::string* header = request.headers.find(space_header);
  if (!name && header != nullptr) name = *header;
  if (!name) return "";
  return Spaces::is_name(*name) ? std::move(name) : std::nullopt;
}

http::Response bad_name() {
  return http::problem(
      400, fmt::format("a space's name has 1 to {} of: letters, digits, '.', '_', '-'", Spaces::name_bytes_max));
}

/// A client that came by the prefix stays in its space when it follows a path (RFC 9110, 10.2.2).
void keep_in_space(const std::string& prefix, http::Response& response) {
  const std::string* location = response.headers.find("location");
  if (location == nullptr || !location->starts_with('/') || location->starts_with("//")) return;
  response.headers.set("Location", prefix + *location);
}

int64_t microseconds_since(std::chrono::steady_clock::time_point begun) {
  const auto taken = std::chrono::steady_clock::now() - begun;
  return std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
}

}  // namespace

/// What every answer gets, whoever gave it.
void Player::finish(const http::Request& request, std::string_view space, Played& played, int64_t microseconds) const {
  if (!request.prefix.empty()) keep_in_space(request.prefix, played.answer.response);
  if (options_.cors) add_cors(request, played.answer.response);
  if (options_.on_exchange) options_.on_exchange({request, played, space, microseconds});
}

/// What no space answered is in the journal that everybody looks at first.
void Player::record_refusal(const http::Request& request, Played& played) const {
  const Spaces::Use space = spaces_.use("");
  played.at_ms = space->now_ms();
  space->record(request, played, 0, spaces_.journal_share());
}

Reply Player::play(http::Request& request, std::string_view name) {
  const auto begun = std::chrono::steady_clock::now();
  Played played;
  const Spaces::Use space = spaces_.use(name);
  if (!space) {
    played.answer.response = http::problem(
        503, fmt::format("there are {} spaces, as many as may be, and none is idle", spaces_.options().spaces_max));
  } else if (is_about_server(request)) {
    played.answer.response.status = 204;
    played.at_ms = space->now_ms();
  } else {
    played = space->play(request);
  }
  const int64_t microseconds = microseconds_since(begun);
  finish(request, name, played, microseconds);
  if (space) {
    space->record(request, played, microseconds, spaces_.journal_share());
  } else {
    record_refusal(request, played);
  }
  Reply reply(std::move(played.answer.response));
  reply.delay = played.delay;
  reply.fault = std::move(played.fault);
  reply.fault_seed = played.fault_seed;
  return reply;
}

Reply Player::answer(http::Request& request) {
  request.secure = options_.secure;
  const auto name = space_of(request);
  if (!name) {
    request.target.insert(0, std::exchange(request.prefix, {}));  // else nobody sees which name that was
    Played played;
    played.answer.response = bad_name();
    finish(request, "", played, 0);
    record_refusal(request, played);
    return std::move(played.answer.response);
  }
  // Without CORS, whatever the options say: a page of another origin is not to read or change what a test relies on.
  if (request.target.starts_with(Admin::prefix)) {
    return admin_ != nullptr ? admin_->answer(request, *name) : http::problem(403, options_.no_admin);
  }
  return play(request, *name);
}

void Player::refused(const http::Request& read, http::Response& problem) {
  Played played;
  played.answer.response = std::move(problem);
  finish(read, "", played, 0);
  record_refusal(read, played);
  problem = std::move(played.answer.response);
}

Reply AdminPlayer::answer(http::Request& request) {
  const auto name = space_of(request);
  if (!name) return bad_name();
  if (!request.target.starts_with(Admin::prefix)) {
    return http::problem(404, fmt::format("this port has the admin API alone, under {}", Admin::prefix));
  }
  return admin_.answer(request, *name);
}

}  // namespace counterpart::mock

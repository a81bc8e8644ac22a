#include "mock/player.h"

#include <fmt/format.h>

#include <chrono>

#include "engine/http/problem.h"

namespace counterpart::mock {

namespace {

bool is_preflight(const http::Request& request) {
  return request.method == "OPTIONS" && request.headers.find("origin") != nullptr &&
         request.headers.find("access-control-request-method") != nullptr;
}

/// CORS headers of the Fetch standard, 3.2.3: every origin may read everything. Credentials are not allowed along with
/// "*", and a mock's are not cookies.
void add_cors(const http::Request& request, http::Response& response) {
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Access-Control-Expose-Headers", "*");
  if (!is_preflight(request)) return;
  // A preflight that fails would hide from the page what the request itself would have said.
  if (response.status >= 400) response = {204, response.headers, ""};
  const std::string* allow = response.headers.find("allow");
  response.headers.set("Access-Control-Allow-Methods", allow == nullptr ? "*" : *allow);
  const std::string* asked = request.headers.find("access-control-request-headers");
  // "*" does not stand for Authorization: name what was asked for.
  response.headers.set("Access-Control-Allow-Headers", asked == nullptr ? "*" : *asked);
  response.headers.set("Access-Control-Max-Age", "600");
}

/// `OPTIONS *` asks about the server, not about a path (RFC 9110, 9.3.7).
engine::Answer server_options() {
  engine::Answer answer;
  answer.response.status = 204;
  return answer;
}

}  // namespace

std::optional<std::string> Player::add(std::shared_ptr<const engine::Engine> engine,
                                       std::shared_ptr<state::Space> space) {
  for (const Seat& seat : seats_) {
    const contract::Contract& other = seat.engine->contract();
    if (other.name == engine->contract().name) {
      return fmt::format("two contracts are named \"{}\": {} and {}", other.name, other.source->name,
                         engine->contract().source->name);
    }
    for (const contract::Operation& operation : engine->contract().operations) {
      const auto overlap = seat.engine->router().overlapping(operation);
      if (!overlap) continue;
      const contract::Operation& theirs = other.operations[*overlap];
      return fmt::format("{} and {} both answer {}: operation \"{}\" ({}) and operation \"{}\" ({})", other.name,
                         engine->contract().name, operation.path, theirs.id, theirs.path, operation.id, operation.path);
    }
  }
  seats_.push_back({std::move(engine), std::move(space)});
  return std::nullopt;
}

/// No contract has this path: the problem of the one that comes nearest.
engine::Answer Player::unknown_path(const http::Request& request) const {
  engine::Answer nearest;
  for (const Seat& seat : seats_) {
    engine::Answer answer = seat.engine->answer(request, *seat.space);
    const bool is_first = &seat == &seats_.front();
    if (is_first || answer.near_miss_distance < nearest.near_miss_distance) nearest = std::move(answer);
  }
  return nearest;
}

engine::Answer Player::ask(const http::Request& request) const {
  if (request.target == "*") return server_options();
  if (seats_.size() == 1) return seats_[0].engine->answer(request, *seats_[0].space);
  for (const Seat& seat : seats_) {
    if (seat.engine->knows_path(request)) return seat.engine->answer(request, *seat.space);
  }
  return unknown_path(request);
}

/// What every answer gets, whoever gave it.
void Player::finish(const http::Request& request, engine::Answer& answer, int64_t microseconds) const {
  if (options_.cors) add_cors(request, answer.response);
  if (options_.on_exchange) options_.on_exchange({request, answer, microseconds});
}

http::Response Player::answer(const http::Request& request) {
  const auto begun = std::chrono::steady_clock::now();
  engine::Answer answer = ask(request);
  const auto taken = std::chrono::steady_clock::now() - begun;
  finish(request, answer, std::chrono::duration_cast<std::chrono::microseconds>(taken).count());
  return std::move(answer.response);
}

void Player::refused(const http::Request& read, http::Response& problem) {
  engine::Answer answer;
  answer.response = std::move(problem);
  finish(read, answer, 0);
  problem = std::move(answer.response);
}

}  // namespace counterpart::mock

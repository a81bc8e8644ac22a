#pragma once
/// The mock's handler: finds the space a request is for, lets it play, and adds what belongs to the mock rather than to
/// any contract (CORS, the admin API, problems of spaces).

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "mock/admin/admin.h"
#include "mock/handler.h"
#include "mock/spaces.h"

namespace counterpart::mock {

/// One exchange, as the log tells it. Views are valid during the call.
struct Exchange {
  const http::Request& request;
  const Played& played;
  std::string_view space;
  int64_t microseconds;
};

struct PlayerOptions {
  bool secure = false;  ///< its server speaks TLS
  bool cors = false;    ///< answer preflights and let every origin read (Fetch, 3.2), but for the admin API
  std::string no_admin = "the admin API is off";     ///< what its paths are told where it is not served here
  std::function<void(const Exchange&)> on_exchange;  ///< called on the worker's thread after each answer; may be empty
};

/// Request header and URL prefix that choose a space (docs/format.md, "Spaces").
inline constexpr std::string_view space_header = "Counterpart-Space";
inline constexpr std::string_view space_prefix = "/~";

class Player final : public Handler {
 public:
  /// `spaces` and `admin` must outlive it; without an `admin` (nullptr) its paths are refused.
  Player(PlayerOptions options, Spaces& spaces, Admin* admin)
      : options_(std::move(options)), spaces_(spaces), admin_(admin) {}

  Reply answer(http::Request& request) override;
  void refused(const http::Request& read, http::Response& problem) override;

 private:
  Reply play(http::Request& request, std::string_view space);
  void record_refusal(const http::Request& request, Played& played) const;
  void finish(const http::Request& request, std::string_view space, Played& played, int64_t microseconds) const;

  PlayerOptions options_;
  Spaces& spaces_;
  Admin* admin_;
};

/// Answers with the admin API alone: what stands on --admin-port.
class AdminPlayer final : public Handler {
 public:
  explicit AdminPlayer(Admin& admin) : admin_(admin) {}
  Reply answer(http::Request& request) override;
  void refused(const http::Request&, http::Response&) override {}

 private:
  Admin& admin_;
};

}  // namespace counterpart::mock

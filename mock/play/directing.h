#pragma once
/// Internal to the space: lets a strict scenario and a script decide one answer.

#include <mutex>
#include <optional>

#include "engine/director.h"
#include "mock/play/played.h"
#include "mock/play/script.h"
#include "mock/play/strict.h"

namespace counterpart::mock {

/// Tells what it decided in `played`. Holds `strict_mutex` while it lives, if there is a strict scenario.
class Directing final : public engine::Director {
 public:
  /// `strict`: nullptr for none. All must outlive this.
  Directing(Script& script, Strict* strict, std::mutex& strict_mutex, state::Random& random, Played& played);

  /// Whether the engine has to ask at all.
  bool is_needed() const { return strict_ != nullptr || !script_.empty(); }

  std::optional<engine::Answer> before(engine::Asked& asked) override;
  void after(engine::Asked& asked, engine::Answer& answer) override;
  /// To be called after the engine answered: where it found no operation, before() was not called.
  void no_operation(const http::Request& request, engine::Answer& answer);

 private:
  void change(engine::Asked& asked, const scenario::Override& changes, engine::Answer& answer) const;

  Script& script_;
  Strict* strict_;
  state::Random& random_;
  Played& played_;
  std::unique_lock<std::mutex> strict_lock_;
};

}  // namespace counterpart::mock

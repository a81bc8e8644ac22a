#include "mock/play/directing.h"

namespace counterpart::mock {

Directing::Directing(Script& script, Strict* strict, std::mutex& strict_mutex, state::Random& random, Played& played)
    : script_(script), strict_(strict), random_(random), played_(played) {
  if (strict_ != nullptr) strict_lock_ = std::unique_lock(strict_mutex);
}

std::optional<engine::Answer> Directing::before(engine::Asked& asked) {
  if (strict_ != nullptr) {
    if (auto refusal = strict_->refusal(asked.request(), &asked.operation())) {
      played_.violation = true;
      return refusal;
    }
  }
  played_.cue = script_.next(asked, random_);
  if (!played_.cue || (**played_.cue).respond.empty()) return std::nullopt;
  const auto& responses = asked.operation().responses;
  for (size_t i = 0; i < responses.size(); ++i) {
    if (responses[i]->name == (**played_.cue).respond) return asked.respond(i);
  }
  return std::nullopt;
}

void Directing::after(engine::Asked& asked, engine::Answer& answer) {
  if (played_.violation) return;
  if (strict_ != nullptr) strict_->answered(asked, answer);
  if (!played_.cue || !(**played_.cue).override_) return;
  change(asked, *(**played_.cue).override_, answer);
  // What the client gets is no response of the contract, and does not say that it is.
  answer.is_documented = false;
  answer.response.headers.remove(engine::response_header);
  answer.response.headers.set(engine::undocumented_header, "overridden by play");
  played_.change = Change::overridden;
}

void Directing::no_operation(const http::Request& request, engine::Answer& answer) {
  if (strict_ == nullptr || answer.operation != nullptr || request.method == "OPTIONS") return;
  auto refusal = strict_->refusal(request, nullptr);
  if (!refusal) return;
  played_.violation = true;
  answer = *std::move(refusal);
}

void Directing::change(engine::Asked& asked, const scenario::Override& changes, engine::Answer& answer) const {
  engine::Interpreters& program = played_.cue->cues->interpreters();
  if (changes.status) answer.response.status = *changes.status;
  for (const auto& [name, value] : changes.headers) {
    answer.response.headers.set(name, http::field_value(asked.rendered(program, value)));
  }
  if (changes.body) answer.response.body = asked.rendered(program, *changes.body);
  if (!changes.content_type.empty()) answer.response.headers.set("Content-Type", changes.content_type);
}

}  // namespace counterpart::mock

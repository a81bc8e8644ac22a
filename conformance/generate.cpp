#include "conformance/generate.h"

#include <algorithm>
#include <memory>

#include "conformance/bodies.h"
#include "conformance/plan.h"
#include "conformance/values.h"

namespace counterpart::conformance {

using contract::Operation;
using contract::Parameter;

namespace {

constexpr size_t requests_max = 6;  // of one sequence, looks not counted

class Generator {
 public:
  Generator(const Suite& suite, uint64_t seed) : suite_(suite), random_(seed), left_(1 + random_.below(requests_max)) {
    for (const Operation& operation : suite.contract().operations) {
      if (!operation.destructive) operations_.push_back(&operation);
    }
  }

  std::optional<Call> next(Oracle& oracle) {
    if (operations_.empty()) return std::nullopt;
    if (!asked_ && !oracle.is_sure(nullptr)) ask_first(oracle);
    asked_ = true;
    if (!looks_.empty()) {
      Call call = std::move(looks_.back());
      looks_.pop_back();
      return call;
    }
    if (left_ == 0) return std::nullopt;
    --left_;
    Call call = make(*operations_[random_.below(operations_.size())], oracle);
    if (!is_read(*call.operation)) {
      add_looks(suite_, call.parts.credential, looks_);
      if (suite_.credentials.size() > 1) {
        add_looks(suite_, suite_.credentials[random_.below(suite_.credentials.size())].value, looks_);
      }
    }
    return call;
  }

 private:
  /// What the target has is seen before anything is predicted.
  void ask_first(const Oracle& oracle) {
    constexpr int first_error = 400;
    for (const Credential& credential : suite_.credentials) add_looks(suite_, credential.value, looks_);
    std::erase_if(looks_, [&](const Call& call) {
      return !call.operation->observe || oracle.foresee(request_of(suite_, call)).response.status >= first_error;
    });
  }

  Call make(const Operation& operation, Oracle& oracle) {
    Call call;
    call.operation = &operation;
    for (const Parameter& parameter : operation.parameters) {
      if (carries_credential(suite_, operation, parameter)) continue;
      if (!parameter.literal && !parameter.required && random_.below(2) == 0) continue;
      if (parameter.literal) continue;  // sent by itself
      call.parts.parameters.emplace_back(parameter.name, legal_value(parameter, known(oracle), random_));
    }
    if (body_kind(operation) && (operation.body.required || random_.below(4) != 0)) {
      call.parts.body = legal_body(operation, known(oracle), true, random_);
    }
    if (!operation.security.empty()) call.parts.credential = credential(operation.security[0]);
    return call;
  }

  const std::vector<Json>& known(Oracle& oracle) {
    if (!known_ || oracle.makes_values_up()) add_known(oracle.known_values());
    return *known_;
  }

  /// What the sequence itself removed stays interesting.
  void add_known(std::vector<Json> values) {
    if (!known_) known_.emplace();
    for (Json& value : values) {
      if (std::find(known_->begin(), known_->end(), value) == known_->end()) known_->push_back(std::move(value));
    }
  }

  std::optional<std::string> credential(size_t scheme) {
    std::vector<const Credential*> fit;
    for (const Credential& credential : suite_.credentials) {
      if (credential.scheme == scheme) fit.push_back(&credential);
    }
    if (fit.empty() || random_.below(16) == 0) return std::nullopt;
    if (random_.below(2) == 0) return fit.front()->value;
    return fit[random_.below(fit.size())]->value;
  }

  const Suite& suite_;
  state::SeededRandom random_;
  size_t left_;
  bool asked_ = false;
  std::vector<const Operation*> operations_;
  std::vector<Call> looks_;
  /// Of the state at the beginning, and what the server made since.
  std::optional<std::vector<Json>> known_;
};

}  // namespace

NextCall generated(const Suite& suite, uint64_t seed) {
  auto generator = std::make_shared<Generator>(suite, seed);
  return [generator](Oracle& oracle) { return generator->next(oracle); };
}

}  // namespace counterpart::conformance

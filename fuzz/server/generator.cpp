#include "fuzz/server/generator.h"

#include <algorithm>

#include "conformance/bodies.h"
#include "conformance/plan.h"
#include "conformance/values.h"
#include "engine/document/json.h"
#include "fuzz/server/danger.h"

namespace counterpart::fuzz::server {

using conformance::Call;
using conformance::Json;
using conformance::Trick;
using contract::Operation;
using contract::Parameter;

namespace {

/// Of a parameter and a body that are both no everyday ones, nobody says which a refusal is for.
void add_bound(Call& call, const std::string& bound) {
  const bool has_body = call.parts.body || call.raw_body;
  call.bound = has_body && !call.bound.empty() ? odd_bound : bound;
}

void take_out_body(Call& call) {
  call.parts.body.reset();
  call.raw_body.reset();
  for (const Parameter& parameter : call.operation->parameters) {
    if (parameter.in == contract::Place::body) std::erase(call.parts.omitted, parameter.name);
  }
}

/// The body with an odd value in place of one of its texts; as it is where it has none.
Json with_odd_text(const Json& body, bool is_json, const Dictionary& dictionary, state::Random& random) {
  std::vector<std::string> texts;
  const Json flat = body.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    if (value.is_string()) texts.push_back(pointer);
  }
  if (texts.empty()) return body;
  Json changed = body;
  Json odd = odd_value(dictionary, random);
  if (!is_json && !odd.is_string()) odd = document::write_json(odd);
  changed[Json::json_pointer(one_of(texts, random))] = std::move(odd);
  return changed;
}

}  // namespace

Generator::Generator(const conformance::Suite& suite, bool allow_destructive)
    : suite_(suite), allow_destructive_(allow_destructive), dictionary_(dictionary_of(suite)) {
  for (const Operation& operation : suite.contract().operations) {
    if (allow_destructive || !operation.destructive) operations_.push_back(&operation);
  }
}

Sequence Generator::make(const state::Space& space, state::Random& random) const {
  Sequence sequence;
  if (operations_.empty()) return sequence;
  constexpr size_t made_max = 10;
  const Known known = conformance::known_values(suite_, space);
  for (size_t left = 1 + random.below(made_max); left > 0; --left) {
    sequence.push_back(make_call(known, random));
    if (!conformance::is_read(*sequence.back().operation)) add_looks(Call(sequence.back()), sequence, random);
  }
  make_safe(sequence);
  return sequence;
}

Sequence Generator::changed(Sequence sequence, const Sequence& other, const state::Space& space,
                            state::Random& random) const {
  const Known known = conformance::known_values(suite_, space);
  for (size_t left = 1 + random.below(3); left > 0; --left) change(sequence, other, known, random);
  make_safe(sequence);
  return sequence;
}

bool Generator::is_safe(const Sequence& sequence) const { return allow_destructive_ || !may_destroy(suite_, sequence); }

void Generator::make_safe(Sequence& sequence) const {
  if (!allow_destructive_) std::erase_if(sequence, [&](const Call& call) { return may_destroy(suite_, call); });
  if (sequence.size() > sequence_calls_max) sequence.resize(sequence_calls_max);
}

Call Generator::make_call(const Known& known, state::Random& random) const {
  constexpr int tries_max = 8;
  for (int i = 0; i < tries_max; ++i) {
    Call call = draft_call(known, random);
    if (allow_destructive_ || !may_destroy(suite_, call)) return call;
  }
  return suite_.base_call(*one_of(operations_, random));  // make_safe() takes it out where it must
}

Call Generator::draft_call(const Known& known, state::Random& random) const {
  Call call;
  call.operation = one_of(operations_, random);
  if (!call.operation->security.empty()) {
    call.parts.credential = credential(call.operation->security[0], call, random);
  }
  add_values(call, known, random);
  set_body(call, known, random);
  if (random.below(3) == 0) {
    for (size_t left = random.below(4) == 0 ? 2 : 1; left > 0; --left) add_trick(call, random);
  }
  return call;
}

void Generator::add_values(Call& call, const Known& known, state::Random& random) const {
  for (const Parameter& parameter : call.operation->parameters) {
    if (conformance::carries_credential(suite_, *call.operation, parameter)) continue;
    if (parameter.literal) {
      constexpr int left_out_one_in = 32;
      if (parameter.in != contract::Place::path && random.below(left_out_one_in) == 0) {
        call.parts.omitted.push_back(parameter.name);
      }
      continue;
    }
    if (parameter.in != contract::Place::path && random.below(parameter.required ? 16 : 2) == 0) continue;
    set_value(call, parameter, known, random);
  }
}

void Generator::set_value(Call& call, const Parameter& parameter, const Known& known, state::Random& random) const {
  Json value;
  const uint64_t choice = random.below(16);
  if (choice < 9) {
    value = conformance::legal_value(parameter, known, random);
  } else if (choice < 12) {
    const auto probes = conformance::probes_of(parameter);
    if (probes.empty()) return set_value(call, parameter, known, random);
    const conformance::Probe& probe = one_of(probes, random);
    value = probe.value;
    add_bound(call, probe.bound);
  } else {
    value = odd_value(dictionary_, random);
    call.bound = odd_bound;
  }
  const bool in_head = parameter.in == contract::Place::header || parameter.in == contract::Place::cookie;
  if (in_head && value.is_string()) value = http::field_value(value.get<std::string>());
  if (Json* set = conformance::find_value(call, parameter.name)) {
    *set = std::move(value);
  } else {
    call.parts.parameters.emplace_back(parameter.name, std::move(value));
  }
}

/// Of a call that has none yet. Nothing where the contract says nothing of the operation's bodies: tricks send some there.
void Generator::set_body(Call& call, const Known& known, state::Random& random) const {
  const Operation& operation = *call.operation;
  const auto kind = conformance::body_kind(operation);
  if (!kind) return;
  if (!operation.body.required && random.below(4) == 0) return;
  auto body = conformance::legal_body(operation, known, true, random);
  if (!body) return;
  const uint64_t choice = random.below(16);
  if (choice < 9) {
    call.parts.body = std::move(body);
  } else if (choice < 15) {
    const auto probes =
        choice < 13 ? conformance::body_probes(operation, *body) : conformance::bodies_left_out(operation, *body);
    if (probes.empty()) {
      call.parts.body = std::move(body);
      return;
    }
    const conformance::BodyProbe& probe = one_of(probes, random);
    const std::string bound = call.bound.empty() ? probe.bound : odd_bound;
    call = conformance::with_body(std::move(call), probe);
    call.bound = bound;
  } else {
    call.parts.body = with_odd_text(*body, kind->is_json, dictionary_, random);
    call.bound = odd_bound;
  }
}

std::optional<std::string> Generator::credential(size_t scheme, Call& call, state::Random& random) const {
  std::vector<const conformance::Credential*> fit;
  for (const auto& one : suite_.credentials) {
    if (one.scheme == scheme) fit.push_back(&one);
  }
  const uint64_t choice = random.below(32);
  if (fit.empty() || choice == 0) return std::nullopt;
  if (choice == 1) {
    call.bound = odd_bound;
    const Json odd = odd_value(dictionary_, random);
    return http::field_value(odd.is_string() ? odd.get<std::string>() : odd.dump());
  }
  return choice < 20 ? fit.front()->value : one_of(fit, random)->value;
}

void Generator::add_trick(Call& call, state::Random& random) const {
  if (call.tricks.size() >= sequence_tricks_max) return;
  const http::Request request = conformance::plain_request_of(suite_, call);
  constexpr int repeat_one_in = 12;
  std::vector<const Parameter*> of_query;
  for (const Parameter& parameter : call.operation->parameters) {
    if (parameter.in == contract::Place::query) of_query.push_back(&parameter);
  }
  if (!of_query.empty() && random.below(repeat_one_in) == 0) {
    Trick trick;
    trick.kind = Trick::Kind::repeat;
    const Parameter& parameter = *one_of(of_query, random);
    trick.name = parameter.name;
    const Json value = parameter.literal ? *parameter.literal : odd_value(dictionary_, random);
    trick.text = value.is_string() ? value.get<std::string>() : value.dump();
    if (!conformance::carries_credential(suite_, *call.operation, parameter)) call.tricks.push_back(std::move(trick));
    return;
  }
  Trick trick = odd_trick(dictionary_, request.target, random);
  // A credential in a trick would be a second one, and who is then meant is nobody's to say.
  if (!http::equal_ignoring_case(trick.name, "Authorization")) call.tricks.push_back(std::move(trick));
}

void Generator::add_looks(const Call& after, Sequence& sequence, state::Random& random) const {
  Sequence looks;
  conformance::add_looks(suite_, after.parts.credential, looks);
  if (suite_.credentials.size() > 1) {
    conformance::add_looks(suite_, one_of(suite_.credentials, random).value, looks);
  }
  for (Call& look : looks) {
    if (after.bound == odd_bound) look.bound = odd_bound;  // it may be the credential that is odd
    if (random.below(2) == 0) sequence.push_back(std::move(look));
  }
}

void Generator::change(Sequence& sequence, const Sequence& other, const Known& known, state::Random& random) const {
  if (operations_.empty()) return;
  const size_t at = sequence.empty() ? 0 : random.below(sequence.size());
  const auto place = sequence.begin() + static_cast<std::ptrdiff_t>(at);
  const uint64_t choice = sequence.empty() ? 0 : random.below(10);
  switch (choice) {
    case 0:
    case 1: {
      const Call made = make_call(known, random);
      sequence.insert(place, made);
      if (!conformance::is_read(*made.operation)) add_looks(made, sequence, random);
      return;
    }
    case 2:
      sequence.erase(place);
      return;
    case 3: {
      const Call again = *place;
      sequence.insert(place, again);
      return;
    }
    case 4:
      std::swap(*place, sequence[random.below(sequence.size())]);
      return;
    case 5:
      if (!other.empty()) {
        const size_t from = random.below(other.size());
        sequence.insert(sequence.end(), other.begin() + static_cast<std::ptrdiff_t>(from), other.end());
      }
      return;
    case 6:
      if (!place->tricks.empty()) place->tricks.erase(place->tricks.begin());
      return;
    case 7:
      add_trick(*place, random);
      return;
    case 8:
      if (!place->operation->security.empty()) {
        place->parts.credential = credential(place->operation->security[0], *place, random);
      }
      return;
    default: {
      const auto& parameters = place->operation->parameters;
      const bool has_body = conformance::body_kind(*place->operation).has_value();
      if (has_body && (parameters.empty() || random.below(2) == 0)) {
        take_out_body(*place);
        return set_body(*place, known, random);
      }
      if (parameters.empty()) return;
      const Parameter& parameter = one_of(parameters, random);
      if (!parameter.literal && !conformance::carries_credential(suite_, *place->operation, parameter)) {
        set_value(*place, parameter, known, random);
      }
    }
  }
}

}  // namespace counterpart::fuzz::server

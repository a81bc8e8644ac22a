#include "engine/scenario/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/contract/load_parts.h"
#include "engine/contract/rule_names.h"
#include "engine/document/base64.h"
#include "engine/http/media_type.h"
#include "engine/scenario/duration.h"

namespace counterpart::scenario {

using contract::Fields;
using contract::Reading;
using document::Kind;
using document::Member;
using document::Node;
using expression::Template;

namespace {

/// Uniform in [0, 1).
double uniform(state::Random& random) {
  constexpr int mantissa_bits = 53;
  return std::ldexp(static_cast<double>(random.next() >> (64 - mantissa_bits)), -mantissa_bits);
}

/// Standard normal (Box and Muller, 1958).
double normal(state::Random& random) {
  constexpr double two_pi = 6.283185307179586;
  const double radius = std::sqrt(-2 * std::log(1 - uniform(random)));
  return radius * std::cos(two_pi * uniform(random));
}

size_t width(const Node& node) { return std::max<size_t>(node.text.size(), 1); }

class EntryLoader {
 public:
  EntryLoader(const Reading& reading, const contract::Contract& contract, Play& play)
      : reading_(reading), contract_(contract), play_(play) {}

  void load(const Node& node) {
    Fields fields(node, "an entry of `play`", reading_);
    if (!fields.good()) return;
    Entry& entry = play_.entries.emplace_back();
    entry.where = reading_.at(node.at);
    if (const Node* on = fields.require("on")) load_on(entry, *on);
    if (const Node* when = fields.find("when")) {
      entry.when = contract::add_snippet(*when, false, reading_, play_.program);
    }
    if (const Node* times = fields.find("times")) load_times(entry, *times);
    if (const Node* chance = fields.find("chance")) load_chance(entry, *chance);
    const Node* respond = fields.find("respond");
    const Node* override_ = fields.find("override");
    const Node* delay = fields.find("delay");
    const Node* fault = fields.find("fault");
    if (respond != nullptr) load_respond(entry, *respond);
    if (override_ != nullptr) load_override(entry, *override_);
    if (delay != nullptr) entry.delay = load_delay(*delay);
    if (fault != nullptr) entry.fault = *fault;
    if (respond == nullptr && override_ == nullptr && delay == nullptr && fault == nullptr) {
      reading_.error(node.at, "this entry does nothing", "give it respond, override, delay or fault");
    }
    fields.finish();
  }

 private:
  void load_on(Entry& entry, const Node& on) {
    if (on.text == "*") return;
    entry.operation = contract_.find_operation(on.text);
    if (entry.operation != nullptr) return;
    std::vector<std::string> known;
    for (const contract::Operation& operation : contract_.operations) known.push_back(operation.id);
    reading_.error(on.at, fmt::format("the contract has no operation \"{}\"", on.text),
                   document::suggestion(on.text, known), width(on));
  }

  void load_times(Entry& entry, const Node& times) {
    if (times.is(Kind::integer) && !times.negative && times.integer > 0) {
      entry.times = times.integer;
    } else {
      reading_.error(times.at, "`times` must be a positive integer", "leave it out for: for ever", width(times));
    }
  }

  void load_chance(Entry& entry, const Node& chance) {
    entry.chance = chance.is(Kind::real) ? chance.real : static_cast<double>(chance.integer);
    const bool is_number = chance.is(Kind::real) || chance.is(Kind::integer);
    if (is_number && !chance.negative && entry.chance >= 0 && entry.chance <= 1) return;
    reading_.error(chance.at, "`chance` must be a number from 0 to 1", {}, width(chance));
  }

  void load_respond(Entry& entry, const Node& respond) {
    entry.respond = respond.text;
    std::vector<std::string> known;
    bool found = false;
    for (const contract::Operation& operation : contract_.operations) {
      if (entry.operation != nullptr && entry.operation != &operation) continue;
      if (const contract::Response* response = operation.find_response(respond.text); response != nullptr) {
        check_can_be_rendered(respond, *response);
        found = true;
      }
      for (const auto& response : operation.responses) known.push_back(response->name);
    }
    if (found) return;
    const std::string whose =
        entry.operation == nullptr ? "no operation has" : fmt::format("operation \"{}\" has no", entry.operation->id);
    reading_.error(respond.at, fmt::format("{} response \"{}\"", whose, respond.text),
                   document::suggestion(respond.text, known), width(respond));
  }

  /// No rule runs, so what a `do` assigns is not there: then the example is sent.
  void check_can_be_rendered(const Node& respond, const contract::Response& response) {
    if (response.example || checked_ == &response) return;
    checked_ = &response;  // operations share responses
    const std::vector<std::string> names = contract::rule_names(contract_, response);
    if (names.empty()) return;
    reading_.error(respond.at,
                   fmt::format("the response \"{}\" says {}, which only a rule's `do` assigns, and it has no example",
                               response.name, fmt::join(names, ", ")),
                   "give the response an `example`: it is what is sent where no rule runs", width(respond));
  }

  void load_override(Entry& entry, const Node& node) {
    Fields fields(node, "`override`", reading_);
    Override& changes = entry.override_.emplace();
    if (!fields.good()) return;
    if (node.members.empty()) {
      reading_.error(node.at, "this override changes nothing",
                     "give it status, headers, content-type, body or body-base64");
    }
    if (const auto status = fields.integer("status")) {
      constexpr int64_t status_min = 200, status_max = 599;
      const Node& written = *fields.find("status");
      if (*status < status_min || *status > status_max) {
        reading_.error(written.at, "a status is a number from 200 to 599", {}, width(written));
      }
      changes.status = static_cast<int>(*status);
    }
    for (const Member& member : fields.map("headers")) {
      contract::check_header_name(reading_, member);
      changes.headers.emplace_back(member.key, compile(member.value, Template::Form::text));
    }
    const std::string content_type = fields.text("content-type");
    if (const Node* body = fields.find("body")) {
      const bool as_json = !body->is(Kind::text) || (!content_type.empty() && http::is_json(content_type));
      changes.body = compile(*body, as_json ? Template::Form::json : Template::Form::text);
      changes.content_type = as_json ? "application/json" : "text/plain";
    }
    if (const Node* bytes = fields.find("body-base64")) load_bytes(changes, *bytes);
    if (!content_type.empty()) changes.content_type = content_type;
    check_has_body(changes, fields);
    fields.finish();
  }

  /// What a body is written for and cannot be sent would be left out without a word.
  void check_has_body(const Override& changes, Fields& fields) {
    if (!changes.status || !contract::has_never_a_body(*changes.status)) return;
    for (const char* key : {"body", "body-base64"}) {
      const Node* body = fields.find(key);
      if (body == nullptr || (body->is(Kind::text) && body->text.empty())) continue;
      reading_.error(body->at, fmt::format("a {} has no body", *changes.status), {}, width(*body));
    }
  }

  void load_bytes(Override& changes, const Node& node) {
    if (changes.body) reading_.error(node.at, "`body-base64` is there instead of `body`, not beside it");
    auto bytes = node.is_scalar() ? document::from_base64(node.text) : std::nullopt;
    if (!bytes) reading_.error(node.at, "this is no base64", "for example Zm9v", width(node));
    changes.body = Template(std::move(bytes).value_or(""));
  }

  Template compile(const Node& node, Template::Form form) {
    return Template::compile(node, form, reading_.source, play_.program, reading_.diagnostics);
  }

  int64_t load_ms(const Node& node) {
    const auto ms = duration_ms(node.text);
    if (ms && *ms <= Delay::delay_ms_max) return *ms;
    reading_.error(node.at, ms ? "a delay is at most 1h" : "expected a duration", ms ? "" : duration_hint, width(node));
    return 0;
  }

  Delay load_delay(const Node& node) {
    if (node.is_scalar()) return {Delay::Kind::fixed, load_ms(node), 0, 0};
    Fields fields(node, "`delay`", reading_);
    Delay delay;
    const Node* uniform = fields.find("uniform");
    const Node* lognormal = fields.find("lognormal");
    if ((uniform == nullptr) == (lognormal == nullptr)) {
      reading_.error(node.at, "a delay is a duration, {uniform: [from, to]} or {lognormal: {median, sigma}}");
    } else if (uniform != nullptr) {
      delay = load_uniform(*uniform);
    } else {
      delay = load_lognormal(*lognormal);
    }
    fields.finish();
    return delay;
  }

  Delay load_uniform(const Node& node) {
    if (!node.is(Kind::list) || node.items.size() != 2) {
      reading_.error(node.at, "uniform takes two durations: [from, to]");
      return {};
    }
    const Delay delay{Delay::Kind::uniform, load_ms(node.items[0]), load_ms(node.items[1]), 0};
    if (delay.ms > delay.ms_max) reading_.error(node.at, "the first duration must not be the longer one");
    return delay;
  }

  Delay load_lognormal(const Node& node) {
    Fields fields(node, "`lognormal`", reading_);
    Delay delay{Delay::Kind::lognormal, 0, 0, 0};
    if (const Node* median = fields.require("median")) delay.ms = load_ms(*median);
    if (const Node* sigma = fields.require("sigma")) {
      constexpr double sigma_max = 10;
      delay.sigma = sigma->is(Kind::real) ? sigma->real : static_cast<double>(sigma->integer);
      const bool is_number = sigma->is(Kind::real) || sigma->is(Kind::integer);
      if (!is_number || sigma->negative || delay.sigma < 0 || delay.sigma > sigma_max) {
        reading_.error(sigma->at, "`sigma` must be a number from 0 to 10", {}, width(*sigma));
      }
    }
    fields.finish();
    return delay;
  }

  const Reading& reading_;
  const contract::Contract& contract_;
  Play& play_;
  const contract::Response* checked_ = nullptr;
};

/// Expressions of a play see what those of the contract's rules see.
contract::KnownNames known_names(const contract::Contract& contract) {
  contract::KnownNames known;
  known.all = contract::scope_names();
  std::erase(known.all, "response");  // a step's
  for (const contract::Collection& collection : contract.state) known.all.push_back(collection.spec->name);
  for (const contract::Let& let : contract.lets) known.all.push_back(let.name);
  return known;
}

}  // namespace

int64_t Delay::sample(state::Random& random) const {
  switch (kind) {
    case Kind::none:
      return 0;
    case Kind::fixed:
      return ms;
    case Kind::uniform:
      return ms + static_cast<int64_t>(random.below(static_cast<uint64_t>(ms_max - ms) + 1));
    case Kind::lognormal:
      break;
  }
  const double sampled = static_cast<double>(ms) * std::exp(sigma * normal(random));
  return static_cast<int64_t>(std::min(sampled, static_cast<double>(delay_ms_max)));
}

bool Entry::is_for(const contract::Operation& candidate) const {
  if (operation != nullptr && operation != &candidate) return false;
  return respond.empty() || candidate.find_response(respond) != nullptr;
}

std::shared_ptr<const Play> load_play(const Node& list, const std::shared_ptr<const document::Source>& source,
                                      const contract::Contract& contract, document::Diagnostics& diagnostics) {
  auto play = std::make_shared<Play>();
  play->source = source;
  const Reading reading{source, diagnostics};
  if (!list.is(Kind::list)) {
    contract::expected(reading, list, "a list of entries");
  } else {
    EntryLoader loader(reading, contract, *play);
    for (const Node& entry : list.items) loader.load(entry);
  }
  contract::check_expressions(play->program, known_names(contract), reading);
  return play;
}

}  // namespace counterpart::scenario

#include "fuzz/server/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/reproduce.h"
#include "conformance/shrink.h"
#include "fuzz/server/feedback.h"

namespace counterpart::fuzz::server {

using conformance::Call;
using conformance::Case;
using conformance::EnvironmentError;
using conformance::Exchange;
using conformance::Finding;
using conformance::Played;
using conformance::Reply;
using conformance::Sent;

namespace {

constexpr const char* case_name = "fuzz";

/// The same failure: of one that has no words, whatever was asked for.
bool is_same_failure(const Finding& a, const Finding& b) {
  const bool same_subject = a.check == conformance::checks::no_server_error.id || a.subject == b.subject;
  return a.check == b.check && a.message == b.message && same_subject;
}

bool is_hang(const Finding& finding) {
  return !finding.exchanges.empty() && finding.exchanges.back().reply.kind == Reply::Kind::timed_out;
}

/// Where a failure has no words, which of the operation's answers was awaited is not its cause.
void generalise(Finding& finding) {
  if (finding.check != conformance::checks::no_server_error.id) return;
  finding.subject = finding.subject.substr(0, finding.subject.find('/'));
}

std::vector<Sent> up_to(const std::vector<Sent>& sent, size_t count) {
  return {sent.begin(), sent.begin() + static_cast<std::ptrdiff_t>(std::min(count, sent.size()))};
}

}  // namespace

Session::Session(const conformance::Suite& suite, conformance::Target& target, const SessionOptions& options)
    : suite_(suite),
      options_(options),
      generator_(suite, options.allow_destructive),
      revival_(target, options.revival_ms),
      oracle_(suite, target.is_known()) {}

bool Session::counts(const Finding& finding) const {
  return (finding.level == conformance::Level::documented || options_.level == conformance::Level::assumed) &&
         conformance::known_entry(finding, options_.known_failures) == nullptr;
}

Played Session::play_once(const Sequence& sequence) {
  const size_t absences = revival_.absences();
  const auto conversation = revival_.open();
  if (conversation->is_fresh) {
    oracle_.restart(nullptr);
  } else if (revival_.absences() > absences) {
    if (options_.restarts_as_contract) {
      oracle_.restart(nullptr);
    } else {
      oracle_.lose();
    }
  }
  Case one;
  one.name = case_name;
  one.calls = sequence;
  if (!oracle_.is_sure(nullptr)) {  // what the target has is seen before anything is predicted
    Sequence looks;
    for (const auto& credential : suite_.credentials) conformance::add_looks(suite_, credential.value, looks);
    std::erase_if(looks, [&](const Call& call) {
      return !call.operation->observe || !call.parts.credential || oracle_.is_sure(&*call.parts.credential);
    });
    one.calls.insert(one.calls.begin(), looks.begin(), looks.end());
  }
  conformance::PlayOptions options;
  options.level = options_.level;
  options.is_hostile = true;
  options.keep_exchanges = true;
  return conformance::play(suite_, one, *conversation, oracle_, options);
}

bool Session::play(const Sequence& sequence) {
  tuples_.clear();
  if (sequence.empty()) return false;
  Played played;
  try {
    played = play_once(sequence);
  } catch (const EnvironmentError& error) {
    if (!revival_.was_there()) throw;
    add_absence(error.what());
    throw;
  }
  bool is_new = false;
  for (const Exchange& exchange : played.exchanges) {
    tuples_.push_back(tuple_of(exchange));
    is_new = seen_.insert(tuples_.back()).second || is_new;
  }
  for (const auto& one : played.met) {
    if (std::find(met_.begin(), met_.end(), one) == met_.end()) met_.push_back(one);
  }
  collect(std::move(played));
  return is_new;
}

void Session::collect(Played played) {
  for (Finding& finding : played.findings) {
    generalise(finding);
    if (!counts(finding) || finding.exchanges.empty()) continue;
    Found found;
    found.sent = up_to(played.sent, finding.exchanges.size());
    if (causes_.count(finding, found.sent.back().call) != nullptr) continue;
    found.requests = revival_.requests();
    found.finding = std::move(finding);
    shrink(found);
    causes_.add(std::move(found));
  }
  last_sent_ = std::move(played.sent);
  last_exchanges_ = std::move(played.exchanges);
}

/// As short and as simple as still shows it. What does not show again stays as it was seen.
void Session::shrink(Found& found) {
  const Finding sought = found.finding;
  found.shows_again = false;
  const conformance::Shows shows = [&](const std::vector<Call>& calls) {
    if (!generator_.is_safe(calls)) return false;  // simpler is not always harmless
    Played tried = play_once(calls);
    for (Finding& finding : tried.findings) {
      generalise(finding);
      if (!is_same_failure(finding, sought)) continue;
      found.sent = up_to(tried.sent, finding.exchanges.size());
      found.finding = std::move(finding);
      found.shows_again = true;
      return true;
    }
    return false;
  };
  constexpr size_t hanging_tries_max = 12;
  Sequence calls;
  // What the target made up is another value each time: the calls name it as the oracle does.
  for (const Sent& sent : found.sent) {
    calls.push_back(oracle_.as_in(conformance::Aliases::World::first, sent.call));
  }
  try {
    const size_t tries_max = is_hang(sought) ? hanging_tries_max : options_.shrink_tries_max;
    if (shows(calls)) conformance::shrunk(std::move(calls), shows, tries_max);
  } catch (const EnvironmentError&) {
    is_gone_ = true;  // what was found stays as simple as it has become
  }
}

/// The target has gone for good: the sequence before, or this one, did it.
void Session::add_absence(const std::string& error) {
  is_gone_ = true;
  Found found;
  found.requests = revival_.requests();
  found.shows_again = false;
  found.sent = last_sent_;
  Finding& finding = found.finding;
  finding.check = conformance::checks::no_server_error.id;
  finding.subject = last_sent_.empty() ? "" : last_sent_.back().call.operation->id;
  finding.requirement = std::string(conformance::checks::no_server_error.sentence);
  finding.message = "the target no longer takes connections";
  finding.case_name = case_name;
  finding.expected = "an answer";
  finding.actual = error;
  finding.exchanges = last_exchanges_;
  const bool is_told = std::any_of(causes_.all().begin(), causes_.all().end(), [&](const Found& known) {
    return !known.shows_again && known.finding.check == finding.check;
  });
  if (!is_told) causes_.add(std::move(found));
}

std::string Session::look() {
  for (const contract::Operation& operation : suite_.contract().operations) {
    if (!conformance::is_read(operation)) continue;
    const auto conversation = revival_.open();
    const Reply reply = conversation->send(conformance::request_of(suite_, suite_.base_call(operation)), false);
    constexpr int first_server_error = 500;
    if (reply.kind != Reply::Kind::answered) return reply.error;
    return reply.response.status < first_server_error ? "" : fmt::format("status {}", reply.response.status);
  }
  return "";
}

}  // namespace counterpart::fuzz::server

#include "fuzz/server/session.h"

#include <fmt/format.h>

#include <algorithm>

#include "conformance/checks/all.h"
#include "conformance/plan.h"
#include "conformance/references.h"
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
constexpr const char* gone_for_good = "the target no longer takes connections";
constexpr const char* gone_for_a_while = "the target stopped taking connections for a while, though it had answered";

/// The same failure: of one that has no words, whatever was asked for.
bool is_same_failure(const Finding& a, const Finding& b) {
  const bool same_subject = a.check == conformance::checks::no_server_error.id || a.subject == b.subject;
  return a.check == b.check && a.message == b.message && same_subject;
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
      is_known_(target.is_known()),
      generator_(suite, options.allow_destructive),
      revival_(target, options.revival_ms, [this] { return options_.is_interrupted(); }),
      oracle_(suite, target.is_known()) {
  Sequence calls;
  for (const auto& credential : suite_.credentials) conformance::add_looks(suite_, credential.value, calls);
  for (Call& call : calls) {
    if (call.operation->observe && call.parts.credential) looks_.push_back({std::move(call)});
  }
}

bool Session::counts(const Finding& finding) const {
  return (finding.level == conformance::Level::documented || options_.level == conformance::Level::assumed) &&
         conformance::known_entry(finding, options_.known_failures) == nullptr;
}

/// The oracle is then where the target is, or unsure.
std::unique_ptr<conformance::Conversation> Session::begin() {
  const size_t absences = revival_.absences();
  auto conversation = revival_.open();
  if (conversation->is_fresh) {
    oracle_.restart(nullptr);
  } else if (revival_.absences() > absences) {
    if (options_.restarts_as_contract) {
      oracle_.restart(nullptr);
    } else {
      oracle_.lose();
    }
  }
  return conversation;
}

Played Session::play_calls(const Sequence& calls, conformance::Conversation& conversation) {
  Case one;
  one.name = case_name;
  one.calls = calls;
  conformance::PlayOptions options;
  options.level = options_.level;
  options.is_hostile = true;
  options.keep_exchanges = true;
  return conformance::play(suite_, one, conversation, oracle_, options);
}

/// What the target has is seen before anything is predicted. Each look is a case of its own: one that ends with a finding
/// ends nothing else, and is left out for a while, the longer the oftener that happens.
std::vector<Played> Session::look_around(conformance::Conversation& conversation) {
  std::vector<Played> played;
  if (oracle_.is_sure(nullptr)) return played;
  std::vector<Look*> needed;
  for (Look& look : looks_) {
    if (!oracle_.is_sure(&*look.call.parts.credential)) needed.push_back(&look);
  }
  for (Look* look : needed) {
    if (options_.is_interrupted()) break;
    if (look->pause > 0) {
      --look->pause;
      continue;
    }
    const Played& one = played.emplace_back(play_calls({look->call}, conversation));
    constexpr size_t doublings_max = 10;
    look->failed = one.findings.empty() ? 0 : std::min(look->failed + 1, doublings_max);
    look->pause = (size_t{1} << look->failed) - 1;
  }
  return played;
}

/// Those that have not failed of late.
Sequence Session::looks() const {
  Sequence calls;
  for (const Look& look : looks_) {
    if (look.failed == 0) calls.push_back(look.call);
  }
  return calls;
}

void Session::note(const Played& played, bool& is_new) {
  for (const Exchange& exchange : played.exchanges) {
    tuples_.push_back(tuple_of(exchange));
    is_new = seen_.insert(tuples_.back()).second || is_new;
  }
  for (size_t i = 0; i < played.sent.size(); ++i) {
    const Reply& reply = played.exchanges[i].reply;
    if (reply.kind != Reply::Kind::answered || !played.sent[i].call.tricks.empty()) continue;
    constexpr int first_error = 400;
    bool& is_accepted = accepted_[played.exchanges[i].operation];
    is_accepted = is_accepted || reply.response.status < first_error;
  }
  for (const auto& one : played.met) {
    if (std::find(met_.begin(), met_.end(), one) == met_.end()) met_.push_back(one);
  }
}

std::vector<std::string> Session::never_accepted() const {
  std::vector<std::string> ids;
  for (const contract::Operation& operation : suite_.contract().operations) {
    const auto asked = accepted_.find(operation.id);
    if (asked != accepted_.end() && !asked->second) ids.push_back(operation.id);
  }
  return ids;
}

bool Session::play(const Sequence& sequence) {
  tuples_.clear();
  if (sequence.empty()) return false;
  std::vector<Played> all;
  bool is_fresh = false;
  const size_t unexplained = revival_.unexplained();
  size_t requests_before = 0;
  try {
    const auto conversation = begin();
    is_fresh = conversation->is_fresh;
    all = look_around(*conversation);
    requests_before = revival_.requests();
    all.push_back(play_calls(sequence, *conversation));
  } catch (const EnvironmentError& error) {
    if (!revival_.was_there() || options_.is_interrupted()) throw;
    add_absence(error.what());
    throw;
  }
  planned_ += sequence.size();
  unsent_ += sequence.size() - std::min(sequence.size(), all.back().sent.size());
  bool is_new = false;
  for (const Played& played : all) note(played, is_new);
  if (revival_.unexplained() > unexplained) add_return(all, requests_before);
  if (oracle_.makes_values_up() && !is_fresh) remember_makers(all.back());
  for (Played& played : all) collect(played);
  last_sent_ = std::move(all.back().sent);
  last_exchanges_ = std::move(all.back().exchanges);
  return is_new;
}

void Session::collect(Played& played) {
  for (Finding& finding : played.findings) {
    generalise(finding);
    if (!finding.exchanges.empty()) add_found(std::move(finding), up_to(played.sent, finding.exchanges.size()));
  }
}

/// `sent`: the last one shows it.
void Session::add_found(Finding finding, std::vector<Sent> sent) {
  if (!counts(finding) || causes_.count(finding, sent) != nullptr) return;
  Found found;
  found.sent = std::move(sent);
  found.requests = revival_.requests();
  found.finding = std::move(finding);
  found.is_absence = found.finding.message == gone_for_a_while;
  if (options_.shrink_tries_max > 0) shrink(found);
  if (conformance::is_hang(found.finding) && !found.shows_again && !is_gone_ && is_chance(found.finding.subject))
    return;
  causes_.add(std::move(found));
}

/// Whether a silence that does not show again may be a busy machine's: until it has come several times.
bool Session::is_chance(const std::string& subject) {
  constexpr size_t chances_max = 2;
  return ++silences_[subject] <= chances_max;
}

/// As it is played that nothing went before: of a target whose state nobody knows, nothing is known.
Played Session::play_again(const Try& once_more) {
  const auto conversation = begin();
  if (!conversation->is_fresh) {
    if (once_more.is_anew) oracle_.restart(nullptr);
    if (once_more.is_anew || !is_known_) oracle_.lose();
  }
  return play_calls(once_more.calls, *conversation);
}

/// What the target made up is another value each time: the calls name it as an oracle does that begins with them.
Session::Try Session::try_of(const std::vector<Sent>& sent, const std::vector<Exchange>& exchanges) const {
  Try once_more{conformance::as_first_told(suite_, sent, exchanges, nullptr), false};
  for (size_t i = 0; i < sent.size(); ++i) {
    once_more.is_anew = once_more.is_anew || !conformance::differences(sent[i].call, once_more.calls[i]).empty();
  }
  return once_more;
}

void Session::remember_makers(const Played& played) {
  constexpr size_t makers_max = 512, body_bytes_max = 64 * 1024;
  for (size_t i = 0; i < played.sent.size(); ++i) {
    const Reply& reply = played.exchanges[i].reply;
    constexpr int first_error = 400;
    if (!played.sent[i].call.operation->changes_state() || reply.kind != Reply::Kind::answered) continue;
    if (reply.response.status >= first_error || reply.response.body.size() > body_bytes_max) continue;
    makers_.push_back({played.sent[i], played.exchanges[i]});
    if (makers_.size() > makers_max) makers_.pop_front();
  }
}

/// What the target made up before the sequence, and the sequence names.
std::vector<std::string> Session::made_before(const std::vector<Sent>& sent, const Sequence& first_told) const {
  std::vector<std::string> texts;
  for (size_t i = 0; i < sent.size(); ++i) {
    const auto told = conformance::differences(sent[i].call, first_told[i]);
    for (std::string& text :
         conformance::differences(sent[i].call, oracle_.as_in(conformance::Aliases::World::first, sent[i].call))) {
      if (std::find(told.begin(), told.end(), text) == told.end()) texts.push_back(std::move(text));
    }
  }
  return texts;
}

/// The same behind the calls that made what it needs; no calls where nothing is missing.
Session::Try Session::try_with_makers(const Found& found) const {
  constexpr size_t makers_max = 8;
  std::vector<Sent> sent = found.sent;
  std::vector<Exchange> exchanges = found.finding.exchanges;
  for (size_t count = 0; count < makers_max; ++count) {
    Try once_more = try_of(sent, exchanges);
    const auto missing = made_before(sent, once_more.calls);
    const auto maker =
        missing.empty() ? makers_.end() : std::find_if(makers_.begin(), makers_.end(), [&](const auto& one) {
          return !conformance::told_in(one.exchange.reply.response, missing.front()).empty();
        });
    if (maker == makers_.end()) return count > 0 && missing.empty() ? once_more : Try{};
    sent.insert(sent.begin(), maker->sent);
    exchanges.insert(exchanges.begin(), maker->exchange);
  }
  return {};
}

/// Whether the calls show what is sought; `found` then is as they show it.
bool Session::shows(const Try& once_more, const Finding& sought, Found& found) {
  if (options_.is_interrupted() || !generator_.is_safe(once_more.calls))
    return false;  // simpler is not always harmless
  if (sought.message == gone_for_a_while) return shows_absence(once_more, found);
  Played tried = play_again(once_more);
  for (Finding& finding : tried.findings) {
    generalise(finding);
    if (!is_same_failure(finding, sought)) continue;
    found.sent = up_to(tried.sent, finding.exchanges.size());
    found.finding = std::move(finding);
    found.shows_again = true;
    return true;
  }
  return false;
}

/// Whether the target goes with the calls, which it answers.
bool Session::shows_absence(const Try& once_more, Found& found) {
  look();  // what went with an earlier try has come back
  const size_t unexplained = revival_.unexplained();
  Played tried = play_again(once_more);
  look();
  if (revival_.unexplained() == unexplained || tried.sent.empty()) return false;
  found.finding = absence(gone_for_a_while, tried.sent, std::move(tried.exchanges));
  found.sent = std::move(tried.sent);
  found.shows_again = true;
  return true;
}

/// As short and as simple as still shows it. What does not show again stays as it was seen.
void Session::shrink(Found& found) {
  const Finding sought = found.finding;
  found.shows_again = false;
  found.is_gone = is_gone_;
  if (is_gone_) return;
  try {
    shrink(found, sought);
    if (found.shows_again) find_carrier(found, sought);
    found.is_interrupted = options_.is_interrupted();
  } catch (const EnvironmentError&) {
    is_gone_ = true;  // what was found stays as simple as it has become
    found.is_gone = !found.shows_again;
  }
}

void Session::shrink(Found& found, const Finding& sought) {
  const size_t tries_max = conformance::shrink_tries(sought, options_.shrink_tries_max);
  const auto shrink_to = [&](const Try& first) {
    const auto again = [&](const Sequence& calls) { return shows({calls, first.is_anew}, sought, found); };
    if (first.calls.empty() || !again(first.calls)) return false;
    conformance::shrunk(first.calls, again, tries_max);
    return true;
  };
  Try alone = try_of(found.sent, found.finding.exchanges);
  if (shrink_to(try_with_makers(found)) || shrink_to(alone)) return;
  Try with_looks{looks(), alone.is_anew};  // what follows from the target's state shows only where that was seen
  if (with_looks.calls.empty()) return;
  with_looks.calls.insert(with_looks.calls.end(), alone.calls.begin(), alone.calls.end());
  shrink_to(with_looks);
}

/// Whether it is what was odd in the request before that shows on an innocent one: it does not where the connection ends
/// between them.
void Session::find_carrier(Found& found, const Finding& sought) {
  std::set<std::string> carried = carried_by(found.sent);
  if (carried.empty() || !found.sent.back().call.tricks.empty()) return;
  const Try calls = try_of(found.sent, found.finding.exchanges);
  Try apart = calls;
  apart.calls[apart.calls.size() - 2].tricks.push_back(
      {conformance::Trick::Kind::header, "Connection", "close", "", 0, 0, 1});
  Found unused;
  // Once more as it was: else it was chance that it did not show.
  if (!shows(apart, sought, unused) && shows(calls, sought, unused)) found.carried = std::move(carried);
}

/// That the target takes no connections after these calls, of which there is one at least.
Finding Session::absence(const char* message, const std::vector<Sent>& sent, std::vector<Exchange> exchanges) const {
  Finding finding;
  finding.check = conformance::checks::no_server_error.id;
  finding.subject = sent.back().call.operation->id;
  finding.requirement = std::string(conformance::checks::no_server_error.sentence);
  finding.message = message;
  finding.case_name = case_name;
  finding.expected = "an answer";
  finding.actual = "no connection";
  finding.exchanges = std::move(exchanges);
  finding.exchanges.resize(std::min(finding.exchanges.size(), sent.size()));
  return finding;
}

/// The sequence before, or this one, did it.
void Session::add_absence(const std::string& error) {
  is_gone_ = true;
  if (last_sent_.empty()) return;
  Found found;
  found.requests = revival_.requests();
  found.shows_again = false;
  found.is_gone = true;
  found.is_absence = true;
  found.sent = last_sent_;
  found.finding = absence(gone_for_good, last_sent_, last_exchanges_);
  found.finding.actual = error;
  causes_.add(std::move(found));
}

/// The target had gone though it had answered, and came back: what it had answered last did it. What was predicted does
/// not hold for the one that came back.
void Session::add_return(std::vector<Played>& all, size_t requests_before) {
  for (Played& played : all) {
    std::erase_if(played.findings,
                  [](const Finding& finding) { return finding.check != conformance::checks::no_server_error.id; });
  }
  oracle_.lose();
  if (revival_.unexplained_at() > requests_before + 1) {
    const Played& played = all.back();
    std::vector<Sent> sent = up_to(played.sent, revival_.unexplained_at() - requests_before - 1);
    if (!sent.empty()) add_found(absence(gone_for_a_while, sent, played.exchanges), sent);
  } else if (!last_sent_.empty()) {
    add_found(absence(gone_for_a_while, last_sent_, last_exchanges_), last_sent_);
  }
}

void Session::look_after() {
  if (last_sent_.empty() || !revival_.has_answered() || options_.is_interrupted()) return;
  const size_t unexplained = revival_.unexplained();
  const std::string wrong = look();
  if (is_gone_) {
    add_absence(wrong);
  } else if (revival_.unexplained() > unexplained) {
    add_found(absence(gone_for_a_while, last_sent_, last_exchanges_), last_sent_);
  }
}

std::string Session::look() {
  for (const contract::Operation& operation : suite_.contract().operations) {
    if (!conformance::is_read(operation)) continue;
    try {
      const auto conversation = revival_.open();
      const Reply reply = conversation->send(conformance::request_of(suite_, suite_.base_call(operation)), false);
      if (reply.kind == Reply::Kind::unreachable) throw EnvironmentError(reply.error);
      constexpr int first_server_error = 500;
      if (reply.kind != Reply::Kind::answered) return reply.error;
      return reply.response.status < first_server_error ? "" : fmt::format("status {}", reply.response.status);
    } catch (const EnvironmentError& error) {
      if (!revival_.was_there()) throw;
      is_gone_ = true;
      return error.what();
    }
  }
  return "";
}

}  // namespace counterpart::fuzz::server

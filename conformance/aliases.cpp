#include "conformance/aliases.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>

#include "engine/schema/value.h"
#include "engine/state/time_text.h"

namespace counterpart::conformance {

namespace {

constexpr size_t entries_max = 4096;
constexpr size_t chosen_max = 16;  // of one entry
constexpr size_t text_max = 4096;  // longer ones are nobody's ids

bool is_scalar(const Json& value) { return value.is_string() || value.is_number(); }

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

std::string key_of(const std::string& first, const std::string& second) { return first + '\0' + second; }

/// Whether it is hardly there by accident: then it means the same wherever it stands in a request.
bool is_telling(const Json& value) {
  constexpr size_t letters_min = 4;
  constexpr double number_min = 1e6;
  if (value.is_string()) return value.get_ref<const std::string&>().size() >= letters_min;
  return value.is_number() && std::abs(value.get<double>()) >= number_min;
}

/// Runs of characters that ids and times are made of, and what stands between them.
std::vector<std::string> pieces_of(std::string_view text) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_.~%:+@").find(c) != std::string_view::npos;
  };
  std::vector<std::string> pieces;
  for (size_t i = 0; i < text.size(); ++i) {
    if (i == 0 || is_word(text[i]) != is_word(text[i - 1])) pieces.emplace_back();
    pieces.back() += text[i];
  }
  return pieces;
}

/// A time in words: "Mon, 01 Jan 2024 10:00:00 GMT".
bool is_time_in_words(std::string_view text) {
  return text.find(' ') != text.npos && text.find(':') != text.npos && text.find('/') == text.npos;
}

/// Calls `change` for every scalar in it, which may be replaced.
Json changed(Json value, const std::function<Json(const Json&)>& change) {  // NOLINT(misc-no-recursion)
  if (value.is_structured()) {
    for (auto& member : value) member = changed(std::move(member), change);
    return value;
  }
  return is_scalar(value) ? change(value) : value;
}

using ChangeValue = std::function<Json(const Json&, bool in_path)>;

Call changed(Call call, const ChangeValue& change) {
  const auto is_in_path = [&](const std::string& name) {
    const auto& all = call.operation->parameters;
    return std::any_of(all.begin(), all.end(), [&](const contract::Parameter& parameter) {
      return parameter.in == contract::Place::path && parameter.name == name;
    });
  };
  for (auto& [name, value] : call.parts.parameters) {
    const bool in_path = is_in_path(name);
    value = changed(std::move(value), [&](const Json& scalar) { return change(scalar, in_path); });
  }
  if (call.parts.body) {
    call.parts.body = changed(*std::move(call.parts.body), [&](const Json& scalar) { return change(scalar, false); });
  }
  if (call.parts.credential) call.parts.credential = text_of(change(*call.parts.credential, false));
  return call;
}

}  // namespace

void Aliases::clear() {
  entries_.clear();
  by_both_.clear();
  by_first_.clear();
  by_chosen_.clear();
}

void Aliases::begin_exchange(bool changes_state) {
  ++exchange_;
  changes_state_ = changes_state;
}

void Aliases::forget_exchange() {
  while (!entries_.empty() && entries_.back().exchange == exchange_) forget(std::prev(entries_.end()));
}

void Aliases::forget(Entries::iterator entry) {
  const auto erase = [&](ByText& index, const std::string& key) {
    const auto found = index.find(key);
    if (found != index.end() && found->second == entry) index.erase(found);
  };
  erase(by_both_, key_of(text_of(entry->first), text_of(entry->second)));
  erase(by_first_, text_of(entry->first));
  for (const Json& chosen : entry->chosen) erase(by_chosen_, text_of(chosen));
  entries_.erase(entry);
}

Aliases::Entry* Aliases::find(const std::string& first, const std::string& second) {
  const auto found = by_both_.find(key_of(first, second));
  return found == by_both_.end() ? nullptr : &*found->second;
}

void Aliases::learn(const Json& first, const Json& second, const Json& came) {
  if (came.is_string() && came.get_ref<const std::string&>().size() > text_max) return;
  if (entries_.size() >= entries_max) forget(entries_.begin());
  const auto entry = entries_.insert(entries_.end(), {first, second, {came}, exchange_});
  by_both_[key_of(text_of(first), text_of(second))] = entry;
  by_first_[text_of(first)] = entry;
  by_chosen_[text_of(came)] = entry;
}

// ------------------------------------------------------------------------------------------------- answers

/// The server may read its clock twice where the contract's stands still, and two times may be the same second in the
/// contract that are not in the server. Two ids never are.
bool Aliases::may_gain(const Entry& entry) const {
  bool is_time = false, is_coarse = false;
  if (entry.first.is_number() && entry.second.is_number()) {
    const double ahead = entry.second.get<double>() - entry.first.get<double>();
    is_coarse = ahead == 1;
    is_time = is_coarse || ahead == clock_ahead_ms;
  } else if (entry.first.is_string()) {
    const auto& text = entry.first.get_ref<const std::string&>();
    is_coarse = is_time_in_words(text) || text.find('.') == text.npos;
    is_time = is_time_in_words(text) || state::from_iso(text).has_value();
  }
  return is_time && (entry.exchange == exchange_ || (is_coarse && changes_state_)) && entry.chosen.size() < chosen_max;
}

Json Aliases::one_chosen(Entry& entry, const Json& like, const Json* came, bool learns) {
  if (came != nullptr && like.is_string() == came->is_string() && is_scalar(*came)) {
    for (const Json& chosen : entry.chosen) {
      if (schema::equal(chosen, *came) || text_of(chosen) == text_of(*came)) return *came;
    }
    if (may_gain(entry)) {
      if (!learns) return *came;
      entry.chosen.push_back(*came);
      by_chosen_[text_of(*came)] = by_both_.at(key_of(text_of(entry.first), text_of(entry.second)));
      return *came;
    }
  }
  const Json& chosen = entry.chosen.front();
  return like.is_string() ? Json(text_of(chosen)) : chosen;
}

std::string Aliases::settled_text(const std::string& first, const std::string& second, const Json* came, bool learns) {
  const auto ours = pieces_of(first), others = pieces_of(second);
  const std::string* answer = came != nullptr && came->is_string() ? &came->get_ref<const std::string&>() : nullptr;
  const bool is_short = answer != nullptr && answer->size() <= text_max;
  const auto theirs = is_short ? pieces_of(*answer) : std::vector<std::string>();
  const auto is_made_up = [&](size_t i) { return ours[i] != others[i]; };
  bool fits = theirs.size() == ours.size() && ours.size() == others.size();
  for (size_t i = 0; fits && i < ours.size(); ++i) fits = is_made_up(i) || theirs[i] == ours[i];
  bool is_known = ours.size() == others.size();
  std::string text;
  for (size_t i = 0; is_known && i < ours.size(); ++i) {
    const Json came_here = fits ? Json(theirs[i]) : Json();
    if (!is_made_up(i)) {
      text += ours[i];
    } else if (Entry* entry = find(ours[i], others[i])) {
      text += text_of(one_chosen(*entry, ours[i], fits ? &came_here : nullptr, learns));
    } else if (fits) {
      text += theirs[i];
      if (learns) learn(ours[i], others[i], theirs[i]);
    } else {
      is_known = false;
    }
  }
  if (is_known) return text;
  const bool is_whole = ours.size() == 1 || ours.size() != others.size() || is_time_in_words(first);
  if (answer == nullptr || answer->empty() || !is_whole) return first;
  if (learns) learn(first, second, *came);
  return *answer;
}

Json Aliases::settled_scalar(const Json& first, const Json& second, const Json* came, bool learns) {
  if (Entry* entry = find(text_of(first), text_of(second))) return one_chosen(*entry, first, came, learns);
  if (first.is_string() && second.is_string()) {
    return settled_text(first.get_ref<const std::string&>(), second.get_ref<const std::string&>(), came, learns);
  }
  if (came == nullptr) return first;
  if (!first.is_number() || !second.is_number()) return *came;  // true or false, something or null: as chance has it
  if (!came->is_number()) return first;
  if (learns) learn(first, second, *came);
  return *came;
}

// Bodies that were parsed are no deeper than document::json_depth_max.
Json Aliases::settled(const Json& first, const Json& second, const Json* came,  // NOLINT(misc-no-recursion)
                      bool learns) {
  if (first == second) return first;
  if (first.is_object() && second.is_object()) {
    Json result = first;
    for (auto& [name, value] : result.items()) {
      const auto other = second.find(name);
      const bool has_come = came != nullptr && came->is_object() && came->contains(name);
      if (other != second.end()) value = settled(value, *other, has_come ? &came->at(name) : nullptr, learns);
    }
    return result;
  }
  if (first.is_array() && second.is_array()) {
    if (first.size() != second.size()) return first;
    Json result = first;
    const bool has_come = came != nullptr && came->is_array() && came->size() == first.size();
    for (size_t i = 0; i < result.size(); ++i) {
      result[i] = settled(first[i], second[i], has_come ? &(*came)[i] : nullptr, learns);
    }
    return result;
  }
  return first.is_structured() || second.is_structured() ? first : settled_scalar(first, second, came, learns);
}

// ------------------------------------------------------------------------------------------------- requests

const Json* Aliases::of_server(World world, const Json& value, bool in_path) const {
  if (!in_path && !is_telling(value)) return nullptr;
  const std::string text = text_of(value);
  if (const auto found = by_chosen_.find(text); found != by_chosen_.end()) {
    return world == World::first ? &found->second->first : &found->second->second;
  }
  // What the oracle made up means nothing to the server, so it must not mean anything to the oracle.
  const auto own = by_first_.find(text);
  return own == by_first_.end() ? nullptr : &own->second->chosen.front();
}

Json Aliases::text_in(World world, const std::string& text) const {
  std::string result;
  for (const std::string& piece : pieces_of(text)) {
    const Json* found = of_server(world, piece, false);
    result += found == nullptr ? piece : text_of(*found);
  }
  return result;
}

Call Aliases::as_in(World world, Call call) const {
  if (entries_.empty()) return call;
  return changed(std::move(call), [&](const Json& scalar, bool in_path) -> Json {
    if (const Json* found = of_server(world, scalar, in_path)) {
      return scalar.is_string() ? Json(text_of(*found)) : *found;
    }
    return scalar.is_string() ? text_in(world, scalar.get_ref<const std::string&>()) : scalar;
  });
}

Json Aliases::as_in(World world, Json value) const {
  return changed(std::move(value), [&](const Json& scalar) -> Json {
    const Json* found = of_server(world, scalar, scalar.is_string());
    if (found != nullptr) return scalar.is_string() ? Json(text_of(*found)) : *found;
    return scalar.is_string() ? text_in(world, scalar.get_ref<const std::string&>()) : scalar;
  });
}

Call Aliases::as_at_server(Call call) const {
  constexpr size_t long_text = 8;
  if (entries_.empty()) return call;
  const auto at_server = [&](const std::string& text) {
    const auto found = text.size() < long_text ? by_first_.end() : by_first_.find(text);
    return found == by_first_.end() ? text : text_of(found->second->chosen.front());
  };
  return changed(std::move(call), [&](const Json& scalar, bool) -> Json {
    if (!scalar.is_string()) return scalar;
    const auto& text = scalar.get_ref<const std::string&>();
    if (by_first_.contains(text)) return at_server(text);
    std::string result;
    for (const std::string& piece : pieces_of(text)) result += at_server(piece);
    return result;
  });
}

const Json* Aliases::chosen_for(const Json& first) const {
  const auto found = by_first_.find(text_of(first));
  if (found == by_first_.end()) return nullptr;
  const Json& chosen = found->second->chosen.front();
  return is_telling(chosen) ? &chosen : nullptr;
}

}  // namespace counterpart::conformance

#include "conformance/shrink.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace counterpart::conformance {

namespace {

/// What is left of a text without one of its halves, its end or its beginning.
std::array<std::pair<size_t, size_t>, 4> pieces_of(size_t size) {
  return {{{0, size / 2}, {size - size / 2, size / 2}, {0, size - 1}, {1, size - 1}}};
}

/// Scalars simpler than this one, the simplest first.
std::vector<Json> simpler(const Json& value) {
  std::vector<Json> values;
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    for (const char* simple : {"", "a"}) {
      if (text.size() > std::string_view(simple).size()) values.emplace_back(simple);
    }
    if (text.size() > 1) {
      for (const auto& [from, count] : pieces_of(text.size())) values.emplace_back(text.substr(from, count));
    }
    std::string plain(text.size(), 'a');  // where its length is what shows it
    if (text.size() > 1 && text != plain) values.emplace_back(std::move(plain));
  } else if (value.is_number_integer()) {
    const int64_t number = value.get<int64_t>();
    for (const int64_t simple : {int64_t{0}, int64_t{1}, number / 2, number > 0 ? number - 1 : number + 1}) {
      if (std::llabs(simple) < std::llabs(number)) values.emplace_back(simple);
    }
  } else if (value.is_number_float()) {
    values.emplace_back(value.get<double>() < 1e15 && value.get<double>() > -1e15 ? Json(value.get<int64_t>())
                                                                                  : Json(0));
  } else if (value == Json(true)) {
    values.emplace_back(false);
  }
  return values;
}

/// The value with one thing simpler anywhere in it: a member or an element left out, a scalar made simpler. At most
/// `values_max`, the outermost first.
std::vector<Json> simpler_inside(const Json& value, int depth = 0) {
  constexpr size_t values_max = 200;
  constexpr int depth_max = 8;
  if (!value.is_structured()) return simpler(value);
  std::vector<Json> values;
  const auto keys = [&] {
    std::vector<Json::json_pointer> places;
    if (value.is_object()) {
      for (const auto& [name, unused] : value.items()) places.push_back(Json::json_pointer() / name);
    } else {
      for (size_t i = 0; i < value.size(); ++i) places.push_back(Json::json_pointer() / i);
    }
    return places;
  }();
  for (size_t i = 0; i < keys.size() && values.size() < values_max; ++i) {
    Json& less = values.emplace_back(value);
    if (value.is_object()) {
      less.erase(keys[i].back());
    } else {
      less.erase(i);
    }
  }
  for (const auto& key : keys) {
    if (depth >= depth_max) break;
    for (Json& inner : simpler_inside(value.at(key), depth + 1)) {
      if (values.size() >= values_max) return values;
      values.emplace_back(value)[key] = std::move(inner);
    }
  }
  return values;
}

/// Tricks of the same kind with less in them, the least first.
std::vector<Trick> simpler(const Trick& trick) {
  std::vector<Trick> tricks;
  const auto add = [&](size_t count, size_t from, size_t bytes) {
    Trick& less = tricks.emplace_back(trick);
    less.count = count;
    less.text = less.text.substr(from, bytes);
  };
  if (trick.count > 1) {
    for (const size_t count : {size_t{1}, trick.count / 2, trick.count - 1}) add(count, 0, trick.text.size());
  }
  if (trick.text.size() > 1 && trick.kind != Trick::Kind::method) {
    add(trick.count, 0, 1);
    for (const auto& [from, bytes] : pieces_of(trick.text.size())) add(trick.count, from, bytes);
  }
  return tricks;
}

class Shrinking {
 public:
  Shrinking(std::vector<Call> calls, const Shows& shows, size_t tries_max)
      : calls_(std::move(calls)), shows_(shows), tries_(tries_max) {}

  std::vector<Call> run() {
    for (bool better = true; better && tries_ > 0;) {
      better = false;
      for (const auto step : {&Shrinking::drop_calls, &Shrinking::drop_tricks, &Shrinking::drop_parameters,
                              &Shrinking::simplify_tricks, &Shrinking::simplify_values}) {
        better = (this->*step)() || better;
      }
    }
    return std::move(calls_);
  }

 private:
  bool accept(std::vector<Call> candidate) {
    if (tries_ == 0) return false;
    --tries_;
    if (!shows_(candidate)) return false;
    calls_ = std::move(candidate);
    return true;
  }

  /// From the longest runs to single calls, the front first: what leads to the finding is usually near it.
  bool drop_calls() {
    bool better = false;
    for (size_t length = calls_.size() / 2; length > 0; length /= 2) {
      for (size_t from = 0; from + length < calls_.size();) {
        std::vector<Call> candidate = calls_;
        candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(from),
                        candidate.begin() + static_cast<std::ptrdiff_t>(from + length));
        if (accept(std::move(candidate))) {
          better = true;
        } else {
          from += length;
        }
      }
    }
    return better;
  }

  bool drop_tricks() {
    bool better = false;
    for (size_t i = 0; i < calls_.size(); ++i) {
      for (size_t j = 0; j < calls_[i].tricks.size();) {
        std::vector<Call> candidate = calls_;
        candidate[i].tricks.erase(candidate[i].tricks.begin() + static_cast<std::ptrdiff_t>(j));
        if (accept(std::move(candidate))) {
          better = true;
        } else {
          ++j;
        }
      }
    }
    return better;
  }

  bool simplify_tricks() {
    bool better = false;
    for (size_t i = 0; i < calls_.size(); ++i) {
      for (size_t j = 0; j < calls_[i].tricks.size(); ++j) {
        for (Trick& trick : simpler(calls_[i].tricks[j])) {
          std::vector<Call> candidate = calls_;
          candidate[i].tricks[j] = std::move(trick);
          if (!accept(std::move(candidate))) continue;
          better = true;
          break;
        }
      }
    }
    return better;
  }

  bool drop_parameters() {
    bool better = false;
    for (size_t i = 0; i < calls_.size(); ++i) {
      for (size_t j = 0; j < calls_[i].parts.parameters.size();) {
        std::vector<Call> candidate = calls_;
        auto& parameters = candidate[i].parts.parameters;
        parameters.erase(parameters.begin() + static_cast<std::ptrdiff_t>(j));
        if (accept(std::move(candidate))) {
          better = true;
        } else {
          ++j;
        }
      }
    }
    return better;
  }

  bool simplify_values() {
    bool better = false;
    for (size_t i = 0; i < calls_.size(); ++i) {
      const size_t count = calls_[i].parts.parameters.size() + (calls_[i].parts.body ? 1 : 0);
      for (size_t j = 0; j < count; ++j) better = simplify_value(i, j) || better;
    }
    return better;
  }

  /// Of the parameters and, behind them, the body.
  static Json& value_at(Call& call, size_t index) {
    auto& parameters = call.parts.parameters;
    return index < parameters.size() ? parameters[index].second : *call.parts.body;
  }

  bool simplify_value(size_t call, size_t index) {
    bool better = false;
    for (bool again = true; again;) {
      again = false;
      for (Json& value : simpler_inside(value_at(calls_[call], index))) {
        std::vector<Call> candidate = calls_;
        value_at(candidate[call], index) = std::move(value);
        if (!accept(std::move(candidate))) continue;
        again = better = true;
        break;
      }
    }
    return better;
  }

  std::vector<Call> calls_;
  const Shows& shows_;
  size_t tries_;
};

}  // namespace

bool is_hang(const Finding& finding) {
  return !finding.exchanges.empty() && finding.exchanges.back().reply.kind == Reply::Kind::timed_out;
}

size_t shrink_tries(const Finding& finding, size_t tries_max) {
  constexpr size_t hanging_tries_max = 12;
  return is_hang(finding) ? std::min(hanging_tries_max, tries_max) : tries_max;
}

std::vector<Call> shrunk(std::vector<Call> calls, const Shows& shows, size_t tries_max) {
  return Shrinking(std::move(calls), shows, tries_max).run();
}

}  // namespace counterpart::conformance

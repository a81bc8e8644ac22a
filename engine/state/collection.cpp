#include "engine/state/collection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/state/time_text.h"

namespace counterpart::state {
namespace {

/// A scalar as a hash key: a type letter, then the value. Whole floats are written as the integer they equal.
std::string key_text(const Json& value) {
  switch (value.type()) {
    case Json::value_t::string: {
      const auto& text = value.get_ref<const std::string&>();
      std::string key;
      key.reserve(text.size() + 1);
      key += 's';
      key += text;
      return key;
    }
    case Json::value_t::number_integer:
      return fmt::format("n{}", value.get<int64_t>());
    case Json::value_t::number_unsigned:
      return fmt::format("n{}", value.get<uint64_t>());
    case Json::value_t::number_float: {
      const double number = value.get<double>();
      if (number != std::floor(number) || number < -0x1p63 || number >= 0x1p64) return fmt::format("f{}", number);
      return number < 0 ? fmt::format("n{}", static_cast<int64_t>(number))
                        : fmt::format("n{}", static_cast<uint64_t>(number));
    }
    case Json::value_t::boolean:
      return value.get<bool>() ? "b1" : "b0";
    case Json::value_t::null:
      return "z";
    default:
      return "l";  // lists and maps: no key, and no index distinguishes them
  }
}

const Json& field_of(const Json& value, const std::string& field) {
  static const Json absent;
  const auto found = value.find(field);
  return found == value.end() ? absent : *found;
}

/// What a value takes in memory, about.
size_t bytes_of(const Json& value) {
  constexpr size_t value_bytes = 48;
  size_t bytes = value_bytes;
  if (value.is_string()) return bytes + value.get_ref<const std::string&>().size();
  if (value.is_object()) {
    for (const auto& [name, member] : value.get_ref<const Json::object_t&>()) bytes += name.size() + bytes_of(member);
  } else if (value.is_array()) {
    for (const Json& element : value) bytes += bytes_of(element);
  }
  return bytes;
}

int64_t expiry_of(const Json& end) {
  if (end.is_number_unsigned()) return static_cast<int64_t>(std::min<uint64_t>(end.get<uint64_t>(), Item::never));
  if (end.is_number_integer()) return end.get<int64_t>();
  if (end.is_number_float()) return static_cast<int64_t>(std::clamp(end.get<double>(), -9.2e18, 9.2e18));
  if (end.is_string()) return from_iso(end.get_ref<const std::string&>()).value_or(Item::never);
  return Item::never;
}

template <typename Number>
int order_of(Number a, Number b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

/// A whole number with its sign apart: every integer JSON can hold, whatever type holds it.
struct Whole {
  bool negative;
  uint64_t bits;  ///< two's complement when negative: greater is nearer to 0
};

Whole whole_of(const Json& integer) {
  if (integer.is_number_unsigned()) return {false, integer.get<uint64_t>()};
  const auto number = integer.get<int64_t>();
  return {number < 0, static_cast<uint64_t>(number)};
}

int compare_wholes(Whole a, Whole b) {
  return a.negative != b.negative ? order_of(b.negative, a.negative) : order_of(a.bits, b.bits);
}

/// Exact, where a conversion to double would call neighbours equal past 2^53.
int compare_whole_to_real(Whole whole, double real) {
  if (real >= 0x1p64) return -1;
  if (real < -0x1p63) return 1;
  const double floor = std::floor(real);
  const Whole below = floor < 0 ? Whole{true, static_cast<uint64_t>(static_cast<int64_t>(floor))}
                                : Whole{false, static_cast<uint64_t>(floor)};
  if (const int difference = compare_wholes(whole, below); difference != 0) return difference;
  return floor < real ? -1 : 0;
}

int compare_numbers(const Json& a, const Json& b) {
  if (a.is_number_float() && b.is_number_float()) return order_of(a.get<double>(), b.get<double>());
  if (b.is_number_float()) return compare_whole_to_real(whole_of(a), b.get<double>());
  if (a.is_number_float()) return -compare_whole_to_real(whole_of(b), a.get<double>());
  return compare_wholes(whole_of(a), whole_of(b));
}

std::string_view word_for(const Json& value) {
  if (value.is_string()) return "text";
  if (value.is_array()) return "a list";
  if (value.is_number()) return "a number";
  return value.is_null() ? "null" : "a boolean";
}

int rank_of_type(const Json& value) {
  if (value.is_null()) return 0;
  if (value.is_boolean()) return 1;
  if (value.is_number()) return 2;
  if (value.is_string()) return 3;
  return 4;
}

}  // namespace

int compare_scalars(const Json& a, const Json& b) {
  const int rank_a = rank_of_type(a);
  if (const int difference = rank_a - rank_of_type(b); difference != 0) return difference;
  if (rank_a == 1) return static_cast<int>(a.get<bool>()) - static_cast<int>(b.get<bool>());
  if (rank_a == 3) return a.get_ref<const std::string&>().compare(b.get_ref<const std::string&>());
  return rank_a == 2 ? compare_numbers(a, b) : 0;
}

bool comes_before(const Item& a, const Item& b) {
  if (const int difference = compare_scalars(a.order, b.order); difference != 0) return difference < 0;
  return a.sequence < b.sequence;
}

Collection::Collection(std::shared_ptr<const CollectionSpec> spec)
    : spec_(std::move(spec)), buckets_(spec_->index.size()) {}

const Item* Collection::find(const Json& key) const {
  const auto found = items_.find(key_text(key));
  return found == items_.end() ? nullptr : found->second.get();
}

std::shared_ptr<const Item> Collection::share(const Item& item) const {
  return items_.at(key_text(item.value.at(spec_->key)));
}

const RankedSet* Collection::bucket(std::string_view field, const Json& value) const {
  static const RankedSet none;
  if (value.is_structured()) return nullptr;
  const auto place = std::find(spec_->index.begin(), spec_->index.end(), field);
  if (place == spec_->index.end()) return nullptr;
  const auto& buckets = buckets_[static_cast<size_t>(place - spec_->index.begin())];
  const auto found = buckets.find(key_text(value));
  return found == buckets.end() ? &none : &found->second;
}

std::optional<std::string> Collection::refusal(const Json& value) const {
  if (!value.is_object()) return fmt::format("an item of {} must be a map, this is {}", spec_->name, word_for(value));
  const auto key = value.find(spec_->key);
  if (key == value.end() || key->is_null())
    return fmt::format("an item of {} needs its key \"{}\"", spec_->name, spec_->key);
  if (key->is_structured()) return fmt::format("the key \"{}\" of {} must be a scalar", spec_->key, spec_->name);
  return std::nullopt;
}

std::shared_ptr<const Item> Collection::make_item(Json value, uint64_t sequence) const {
  auto item = std::make_shared<Item>();
  item->sequence = sequence;
  if (!spec_->order.empty()) item->order = field_of(value, spec_->order);
  if (!spec_->expires.empty()) item->expires_ms = expiry_of(field_of(value, spec_->expires));
  item->value = std::move(value);
  return item;
}

void Collection::link(const std::shared_ptr<const Item>& item) {
  bytes_ += bytes_of(item->value);
  items_[key_text(item->value.at(spec_->key))] = item;
  all_.insert(*item);
  for (size_t i = 0; i < buckets_.size(); ++i) {
    buckets_[i][key_text(field_of(item->value, spec_->index[i]))].insert(*item);
  }
  if (item->expires_ms == Item::never) return;
  expiring_.emplace(item->expires_ms, item->sequence);
  by_sequence_[item->sequence] = item.get();
}

void Collection::unlink(const Item& item) {
  bytes_ -= bytes_of(item.value);
  all_.erase(item);
  for (size_t i = 0; i < buckets_.size(); ++i) {
    const auto bucket = buckets_[i].find(key_text(field_of(item.value, spec_->index[i])));
    if (bucket == buckets_[i].end()) continue;
    bucket->second.erase(item);
    if (bucket->second.size() == 0) buckets_[i].erase(bucket);
  }
  if (item.expires_ms != Item::never) {
    expiring_.erase({item.expires_ms, item.sequence});
    by_sequence_.erase(item.sequence);
  }
  items_.erase(key_text(item.value.at(spec_->key)));
}

bool Collection::insert(Json value) {
  if (find(value.at(spec_->key)) != nullptr) return false;
  link(make_item(std::move(value), next_sequence_++));
  return true;
}

bool Collection::update(const Json& key, const Json& changes) {
  const auto found = items_.find(key_text(key));
  if (found == items_.end()) return false;
  const std::shared_ptr<const Item> old = found->second;
  Json merged = old->value;
  for (const auto& [field, value] : changes.items()) merged[field] = value;
  const Item* taken = find(merged.at(spec_->key));
  if (taken != nullptr && taken != old.get()) return false;
  unlink(*old);
  link(make_item(std::move(merged), old->sequence));
  return true;
}

std::shared_ptr<const Item> Collection::remove(const Json& key) {
  const auto found = items_.find(key_text(key));
  if (found == items_.end()) return nullptr;
  std::shared_ptr<const Item> item = found->second;
  unlink(*item);
  return item;
}

size_t Collection::expire(int64_t now_ms) {
  size_t count = 0;
  while (!expiring_.empty() && expiring_.begin()->first <= now_ms) {
    const Item* over = by_sequence_.at(expiring_.begin()->second);
    remove(over->value.at(spec_->key));
    ++count;
  }
  return count;
}

bool Collection::consistent() const {
  const auto is_sorted = [](const std::vector<const Item*>& items) {
    return std::adjacent_find(items.begin(), items.end(),
                              [](const Item* a, const Item* b) { return !comes_before(*a, *b); }) == items.end();
  };
  const std::vector<const Item*> items = all_.slice(0, all_.size());
  if (items.size() != items_.size() || !is_sorted(items)) return false;
  size_t expiring = 0;
  for (const Item* item : items) {
    if (find(item->value.at(spec_->key)) != item) return false;
    if (item->expires_ms == Item::never) continue;
    ++expiring;
    const auto found = by_sequence_.find(item->sequence);
    if (found == by_sequence_.end() || found->second != item || !expiring_.contains({item->expires_ms, item->sequence}))
      return false;
  }
  if (expiring != expiring_.size() || expiring != by_sequence_.size()) return false;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    size_t listed = 0;
    for (const auto& [text, bucket] : buckets_[i]) {
      const std::vector<const Item*> inside = bucket.slice(0, bucket.size());
      if (inside.empty() || !is_sorted(inside)) return false;
      for (const Item* item : inside) {
        if (key_text(field_of(item->value, spec_->index[i])) != text || find(item->value.at(spec_->key)) != item)
          return false;
      }
      listed += inside.size();
    }
    if (listed != items.size()) return false;
  }
  return true;
}

}  // namespace counterpart::state

#pragma once
/// What an API remembers: a collection of items (JSON maps), found by key and by indexed field in O(1), listed in
/// order. The expressions of a contract read and change it (expression/); a space owns it and its lock.

#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/state/ranked_set.h"

namespace counterpart::state {

using Json = nlohmann::ordered_json;

/// A collection's definition, from `state:` in the contract.
struct CollectionSpec {
  std::string name;
  std::string key;                 ///< the field that names an item; unique
  std::vector<std::string> index;  ///< fields looked up in O(1)
  std::string order;               ///< the field lists are sorted by; "": in order of insertion
  std::string expires;             ///< the field that holds an item's end (ms since the epoch, or RFC 3339 text);
                                   ///< "": items never expire
};

/// One remembered thing. Never changes: an update makes a new Item in its place.
struct Item {
  static constexpr int64_t never = std::numeric_limits<int64_t>::max();

  Json value;             ///< a map
  uint64_t sequence = 0;  ///< order of insertion; an update keeps it
  Json order;             ///< the value of the `order` field, else null
  int64_t expires_ms = never;
};

/// Copying copies pointers, not items: a space that only reads shares everything with its origin.
/// Not thread-safe: the space's lock guards it.
class Collection {
 public:
  explicit Collection(std::shared_ptr<const CollectionSpec> spec);

  const CollectionSpec& spec() const { return *spec_; }
  size_t size() const { return items_.size(); }

  /// The item of that key, or nullptr. Keys are scalars; 1 and 1.0 are the same key, 1 and "1" are not.
  const Item* find(const Json& key) const;
  /// A share in an item of this collection, for whoever needs it beyond the next change.
  std::shared_ptr<const Item> share(const Item& item) const;
  /// Every item, in order. The reference holds until the collection is destroyed.
  const RankedSet& all() const { return all_; }
  /// The items whose indexed field has that value (an empty set for none), or nullptr when the field has no index or
  /// the value is a list or a map, which no index finds.
  /// The reference holds until the collection changes.
  const RankedSet* bucket(std::string_view field, const Json& value) const;

  /// Why a value cannot be stored ("has no key field \"id\""), or nullopt when it can.
  std::optional<std::string> refusal(const Json& value) const;
  /// Adds an item. False when the key is taken. The value must not be refused.
  bool insert(Json value);
  /// Sets the fields of `changes` on the item, keeping the others and its place of insertion. False when there is no
  /// such item, or the new key is taken. The merged value must not be refused.
  bool update(const Json& key, const Json& changes);
  /// Takes an item out and returns it, or nullptr. The caller keeps it alive as long as something points at it.
  std::shared_ptr<const Item> remove(const Json& key);

  /// When the next item expires, or Item::never.
  int64_t next_expiry_ms() const { return expiring_.empty() ? Item::never : expiring_.begin()->first; }
  /// Takes out what has expired at `now_ms` (an item whose end is now is over). How many.
  size_t expire(int64_t now_ms);

  /// What its items hold, about: their texts, and something for each value.
  size_t bytes() const { return bytes_; }
  /// It is as it begins: from here on it may grow by growth_bytes_max.
  void settle() { settled_bytes_ = bytes_; }
  /// Whether it has grown so much that nothing more is to be added.
  bool is_full() const { return bytes_ > settled_bytes_ + growth_bytes_max; }
  static constexpr size_t growth_bytes_max = 256u << 20;

  /// Whether every index holds exactly the items it should: for tests and fuzzing. O(n log n).
  bool consistent() const;

 private:
  struct TextHash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <typename T>
  using ByText = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

  std::shared_ptr<const Item> make_item(Json value, uint64_t sequence) const;
  void link(const std::shared_ptr<const Item>& item);
  void unlink(const Item& item);

  std::shared_ptr<const CollectionSpec> spec_;
  ByText<std::shared_ptr<const Item>> items_;  ///< by key
  std::vector<ByText<RankedSet>> buckets_;     ///< one per spec().index
  RankedSet all_;
  std::set<std::pair<int64_t, uint64_t>> expiring_;        ///< (expires_ms, sequence)
  std::unordered_map<uint64_t, const Item*> by_sequence_;  ///< of the expiring ones
  uint64_t next_sequence_ = 1;
  size_t bytes_ = 0;
  size_t settled_bytes_ = 0;
};

/// Scalars in one total order: null, booleans, numbers by value, text by bytes; lists and maps last and equal.
/// Negative, 0 or positive, as memcmp.
int compare_scalars(const Json& a, const Json& b);

}  // namespace counterpart::state

#include "engine/contract/router.h"

#include <algorithm>
#include <functional>

#include "engine/contract/text_table.h"
#include "engine/document/json.h"
#include "engine/http/message.h"

namespace counterpart::contract {

std::string fact_text(Place in, const Json& literal) {
  if (in != Place::body && literal.is_string()) return literal.get<std::string>();
  return document::write_json(literal);
}

namespace {

using Key = std::pair<Place, std::string>;

/// Parameter values joined to one text: lengths first, so that no two tuples are the same text.
void append_value(std::string& tuple, std::string_view value) {
  tuple += std::to_string(value.size());
  tuple += ':';
  tuple += value;
}

/// Operations of one path and method whose literals stand at the same places.
struct Group {
  struct Member {
    std::pmr::string text;  ///< its literals, joined
    size_t operation;
  };
  std::vector<Key> keys;  ///< sorted
  TextTable<Member> members;
  size_t first;  ///< of the operations
};

struct Literals {
  std::vector<Key> keys;
  std::string tuple;
};

Literals literals_of(const Operation& operation) {
  std::map<Key, std::string> sorted;
  for (const Parameter& parameter : operation.parameters) {
    if (!parameter.literal) continue;
    const std::string name = parameter.in == Place::header ? http::lower_case(parameter.name) : parameter.name;
    sorted[{parameter.in, name}] = fact_text(parameter.in, *parameter.literal);
  }
  Literals literals;
  for (auto& [key, text] : sorted) {
    literals.keys.push_back(key);
    append_value(literals.tuple, text);
  }
  return literals;
}

}  // namespace

/// The operations of one path and method.
struct Router::Candidates {
  /// So few groups are simply tried one after the other.
  static constexpr size_t groups_tried_max = 8;

  std::pmr::memory_resource* memory;
  std::vector<Group> groups;                    ///< more keys first, once finished
  std::map<std::vector<Key>, size_t> group_of;  ///< while adding
  std::map<Place, std::map<std::string, std::vector<size_t>, std::less<>>>
      anchored;  ///< the groups to try when a parameter of that name is there
  std::vector<size_t> unanchored;

  explicit Candidates(std::pmr::memory_resource* arena) : memory(arena) {}

  std::optional<size_t> add(const Operation& operation, size_t index) {
    const Literals literals = literals_of(operation);
    const auto [known, is_new] = group_of.emplace(literals.keys, groups.size());
    if (is_new) groups.push_back({literals.keys, TextTable<Group::Member>(memory), index});
    TextTable<Group::Member>& members = groups[known->second].members;
    if (const Group::Member* twin = members.find(literals.tuple)) return twin->operation;
    std::pmr::polymorphic_allocator<> allocator(memory);
    members.insert(
        *allocator.new_object<Group::Member>(Group::Member{std::pmr::string(literals.tuple, allocator), index}));
    return std::nullopt;
  }

  /// Sorts the groups, and anchors each at the one of its keys that the fewest groups have.
  void finish() {
    group_of.clear();
    std::stable_sort(groups.begin(), groups.end(),
                     [](const Group& a, const Group& b) { return a.keys.size() > b.keys.size(); });
    if (groups.size() <= groups_tried_max) return;
    std::map<Key, size_t> uses;
    for (const Group& group : groups) {
      for (const Key& key : group.keys) ++uses[key];
    }
    for (size_t i = 0; i < groups.size(); ++i) {
      const auto& keys = groups[i].keys;
      const auto rarest =
          std::min_element(keys.begin(), keys.end(), [&](const Key& a, const Key& b) { return uses[a] < uses[b]; });
      if (rarest == keys.end()) {
        unanchored.push_back(i);
      } else {
        anchored[rarest->first][rarest->second].push_back(i);
      }
    }
  }

  /// The one operation there is, when it asks for no literals.
  std::optional<size_t> only() const {
    const bool is_one = groups.size() == 1 && groups[0].keys.empty();
    return is_one ? std::optional(groups[0].first) : std::nullopt;
  }

  std::optional<size_t> try_group(const Group& group, Facts& facts) const {
    std::string tuple;
    for (const Key& key : group.keys) {
      const auto value = facts.value(key.first, key.second);
      if (!value) return std::nullopt;
      append_value(tuple, *value);
    }
    const Group::Member* found = group.members.find(tuple);
    return found == nullptr ? std::nullopt : std::optional(found->operation);
  }

  /// The groups whose anchor the request has, in order of preference.
  std::vector<size_t> groups_for(Facts& facts) const {
    std::vector<size_t> chosen = unanchored;
    for (const auto& [place, by_name] : anchored) {
      for (const std::string& name : facts.names(place)) {
        const auto found = by_name.find(name);
        if (found != by_name.end()) chosen.insert(chosen.end(), found->second.begin(), found->second.end());
      }
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());  // a parameter may be repeated
    return chosen;
  }

  std::optional<size_t> select(Facts& facts) const {
    std::optional<size_t> best;
    size_t best_keys = 0;
    const auto goes_on = [&](const Group& group) {  // of as many keys the first written wins
      if (best && group.keys.size() < best_keys) return false;
      const auto operation = try_group(group, facts);
      if (!operation || (best && *best < *operation)) return true;
      best = operation;
      best_keys = group.keys.size();
      return true;
    };
    if (groups.size() <= groups_tried_max) {
      for (const Group& group : groups) {
        if (!goes_on(group)) break;
      }
    } else {
      for (const size_t group : groups_for(facts)) {
        if (!goes_on(groups[group])) break;
      }
    }
    return best;
  }
};

struct Router::Node {
  /// The operations of one method.
  struct End {
    std::pmr::string method;
    Candidates* candidates;
    std::optional<size_t>
        only;  ///< set once finished: what else would be asked of `candidates`, which are farther away
  };
  using Ends = std::pmr::vector<End>;

  /// Of the operations that end here: [0] those whose path is as written, [1] those that take a trailing slash as well.
  std::pmr::string text;  ///< the segment that leads here
  Ends ends[2];
  Node* parameter = nullptr;           ///< a segment that is not empty
  Node* parameter_or_empty = nullptr;  ///< any segment
  TextTable<Node> literals;

  Node(std::string_view segment, std::pmr::memory_resource* memory)
      : text(segment, memory), ends{Ends(memory), Ends(memory)}, literals(memory) {}

  static const End* find(const Ends& ends, std::string_view method) {
    const auto found = std::find_if(ends.begin(), ends.end(), [&](const End& end) { return end.method == method; });
    return found == ends.end() ? nullptr : &*found;
  }

  void finish() {
    for (Ends& same_slash : ends) {
      for (End& end : same_slash) end.only = end.candidates->only();
    }
    for (Node* child : {parameter, parameter_or_empty}) {
      if (child != nullptr) child->finish();
    }
    literals.any([](Node& child) {
      child.finish();
      return false;
    });
  }
};

Router::Router() : root_(new_node({})) {}
Router::~Router() = default;

/// Nodes are not destroyed one by one: all they hold is in memory_, which goes as a whole.
Router::Node* Router::new_node(std::string_view text) {
  return std::pmr::polymorphic_allocator<>(&memory_).new_object<Node>(text, &memory_);
}

std::optional<size_t> Router::add(const Operation& operation, size_t index) {
  Node* node = root_;
  const bool drop_slash = operation.either_slash && operation.segments.size() > 1 &&
                          !operation.segments.back().is_parameter && operation.segments.back().text.empty();
  for (size_t i = 0; i + (drop_slash ? 1 : 0) < operation.segments.size(); ++i) {
    const Segment& segment = operation.segments[i];
    Node* child = !segment.is_parameter ? node->literals.find(segment.text)
                  : segment.allow_empty ? node->parameter_or_empty
                                        : node->parameter;
    if (child == nullptr) {
      child = new_node(segment.text);
      if (!segment.is_parameter) {
        node->literals.insert(*child);
      } else {
        (segment.allow_empty ? node->parameter_or_empty : node->parameter) = child;
      }
    }
    node = child;
  }
  // An operation that takes either slash and one that takes none share the path without it: one table for both.
  const auto candidates = [&](Node::Ends& ends) {
    if (const Node::End* known = Node::find(ends, operation.method)) return known->candidates;
    Candidates* added = all_candidates_.emplace_back(std::make_unique<Candidates>(&memory_)).get();
    ends.push_back({std::pmr::string(operation.method, &memory_), added, std::nullopt});
    std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.method < b.method; });
    return added;
  };
  if (const auto tie = candidates(node->ends[0])->add(operation, index)) return tie;
  if (!operation.either_slash) return std::nullopt;
  return candidates(node->ends[1])->add(operation, index);
}

void Router::finish() {
  for (const auto& candidates : all_candidates_) candidates->finish();
  root_->finish();
}

namespace {

/// Any operation that ends at a node.
template <typename Ends>
std::optional<size_t> any_operation(const Ends& ends) {
  for (const auto& end : ends) {
    for (const Group& group : end.candidates->groups) return group.first;
  }
  return std::nullopt;
}

}  // namespace

std::optional<size_t> Router::overlapping(const Operation& operation) const {
  // A path that takes a trailing slash or none is two paths: both end in the same segments, one in an empty one more.
  std::vector<Segment> segments = operation.segments;
  const bool ends_in_slash = segments.size() > 1 && !segments.back().is_parameter && segments.back().text.empty();
  if (operation.either_slash && !ends_in_slash) segments.push_back({});
  const std::function<std::optional<size_t>(const Node&, size_t)> search = [&](const Node& node, size_t depth) {
    std::optional<size_t> found;
    if (depth == segments.size()) return any_operation(node.ends[0]);
    const Segment& segment = segments[depth];
    const bool may_be_empty = segment.is_parameter ? segment.allow_empty : segment.text.empty();
    const bool is_last = depth + 1 == segments.size() && depth > 0;
    if (is_last && operation.either_slash) found = any_operation(node.ends[0]);
    if (!found && is_last && may_be_empty) found = any_operation(node.ends[1]);
    if (segment.is_parameter) {
      node.literals.any([&](const Node& child) {
        if (!found && (!child.text.empty() || may_be_empty)) found = search(child, depth + 1);
        return found.has_value();
      });
    } else if (const Node* child = node.literals.find(segment.text); child != nullptr && !found) {
      found = search(*child, depth + 1);
    }
    const bool may_be_filled = segment.is_parameter || !segment.text.empty();
    if (!found && node.parameter != nullptr && may_be_filled) found = search(*node.parameter, depth + 1);
    if (!found && node.parameter_or_empty != nullptr) found = search(*node.parameter_or_empty, depth + 1);
    return found;
  };
  return search(*root_, 0);
}

/// One search down the tree.
struct Router::Walk {
  std::string_view method;
  const std::vector<std::string>& segments;
  Facts& facts;
  Match match;

  /// Whether an operation of these ends is the one.
  bool arrive(const Node::Ends& ends) {
    if (ends.empty()) return false;
    match.path_known = true;
    const Node::End* found = Node::find(ends, method);
    if (found == nullptr && method == "HEAD") found = Node::find(ends, "GET");
    if (found != nullptr) match.operation = found->only ? found->only : found->candidates->select(facts);
    if (match.operation) return true;
    for (const Node::End& end : ends) {
      if (std::find(match.methods.begin(), match.methods.end(), end.method) == match.methods.end())
        match.methods.push_back(end.method);
    }
    return false;
  }

  bool descend(const Node& node, size_t depth) {
    if (depth == segments.size()) return arrive(node.ends[0]);
    const std::string& segment = segments[depth];
    const Node* literal = node.literals.find(segment);
    if (literal != nullptr && descend(*literal, depth + 1)) return true;
    if (depth + 1 == segments.size() && depth > 0 && segment.empty() && arrive(node.ends[1])) return true;
    if (!segment.empty() && node.parameter != nullptr && descend(*node.parameter, depth + 1)) return true;
    return node.parameter_or_empty != nullptr && descend(*node.parameter_or_empty, depth + 1);
  }
};

Router::Match Router::find(std::string_view method, const std::vector<std::string>& segments, Facts& facts) const {
  Walk walk{method, segments, facts, {}};
  walk.descend(*root_, 0);
  return std::move(walk.match);
}

}  // namespace counterpart::contract

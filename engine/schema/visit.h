#pragma once
/// A validation in progress, as a keyword sees it: where it is in the value and in the schema, what to do with a
/// misfit, and what work is left. A validation is quiet, which finds out whether the value fits and stops at the first
/// misfit, or it collects violations. Used by the keywords; nobody outside of this folder includes it.

#include <concepts>
#include <cstdint>

#include "engine/schema/compiled.h"
#include "engine/schema/marks.h"

namespace counterpart::schema {

/// A place in a value or a schema, as a chain on the stack: it costs nothing until a violation needs its text.
struct Path {
  const Path* parent = nullptr;
  std::string_view name = {};  ///< of a member; unused for an item
  std::optional<size_t> index = {};

  /// As a JSON Pointer. `path` may be nullptr: the root.
  static std::string pointer(const Path* path);
};

/// What one validate() may still do. Once it is exhausted, nothing fits and nothing more is reported.
struct Run {
  uint64_t work_left = validation_work_max;
  int depth = 0;
  bool too_long = false;
  bool too_deep = false;

  bool exhausted() const { return too_long || too_deep; }
};

/// What a keyword has to say of a misfit: see Violation.
struct Reason {
  std::string expected;
  std::string actual;
};

class Visit {
 public:
  /// `violations` nullptr: quiet.
  Visit(Run& run, std::vector<Violation>* violations) : run_(&run), violations_(violations) {}

  /// The value does not fit: reports the Reason that `describe` gives, unless it is quiet. Returns false.
  template <std::invocable Describe>
  bool fail(Describe describe) const {
    if (wants_reasons()) report(schema_, describe());
    return false;
  }
  /// The same for a neighbour of this keyword, which it judges as well.
  template <std::invocable Describe>
  bool fail_beside(std::string_view keyword, Describe describe) const {
    const Path beside{schema_->parent, keyword};
    if (wants_reasons()) report(&beside, describe());
    return false;
  }
  void add(Violation violation) const { violations_->push_back(std::move(violation)); }

  bool is_quiet() const { return violations_ == nullptr; }
  /// Whether there is any use in looking on; `good`: whether all was well until now.
  bool goes_on(bool good) const { return !run_->exhausted() && (good || wants_reasons()); }
  /// Pays for work beyond the application of schemas; false when none is left.
  bool pay(uint64_t work) const {
    if (run_->work_left >= work) {
      run_->work_left -= work;
      return true;
    }
    run_->too_long = true;
    return false;
  }

  /// Judges a part of the value. `schema_step` is the subschema's name below the keyword, if it has one.
  bool part(const Compiled& schema, const Json& value, std::string_view member,
            std::string_view schema_step = {}) const;
  bool part(const Compiled& schema, const Json& value, size_t index, std::optional<size_t> schema_step = {}) const;

  /// Applies a schema to the value here: one of the keyword's own, or of a neighbour of the keyword.
  bool here(const Compiled& schema, const Json& value) const { return with(schema_).apply(schema, value); }
  bool here(const Compiled& schema, const Json& value, size_t schema_step) const;
  bool here(const Compiled& schema, const Json& value, std::string_view schema_step) const;
  bool beside(std::string_view keyword, const Compiled& schema, const Json& value) const;

  /// Whether a value fits, here or as a part, without reporting. What was looked at is marked in `marks`, if any.
  bool accepts(const Compiled& schema, const Json& value, Marks* marks = nullptr) const;
  /// Collects what one of the keyword's schemas has against the value.
  std::vector<Violation> violations(const Compiled& schema, const Json& value, std::optional<size_t> schema_step) const;

  /// What is marked of the value, or nullptr where nobody asks.
  Marks* marks() const { return marks_; }
  void mark(size_t index) const {
    if (marks_) marks_->add(index);
  }
  void mark_all() const {
    if (marks_) marks_->add_all();
  }
  /// Where `$dynamicRef: '#name'` leads among the schemas that are being applied; nullptr when none has the name.
  const Compiled* dynamic_anchor(std::string_view name) const;

  /// How many steps into the value this is.
  size_t instance_depth() const;

  /// Applies every keyword of a schema.
  bool apply(const Compiled& schema, const Json& value) const;

 private:
  /// The resources that schemas being applied belong to.
  struct Scope {
    const Scope* parent;
    const DynamicAnchors* anchors;
  };

  Visit with(const Path* schema) const;
  bool wants_reasons() const {
    return violations_ && violations_->size() < Schema::violations_max && !run_->exhausted();
  }
  void report(const Path* schema, Reason reason) const;
  bool apply_keywords(const Compiled& schema, const Json& value) const;
  bool apply_marking(const Compiled& schema, const Json& value) const;

  Run* run_;
  std::vector<Violation>* violations_;
  const Path* instance_ = nullptr;
  const Path* schema_ = nullptr;
  const Scope* scope_ = nullptr;
  Marks* marks_ = nullptr;
};

}  // namespace counterpart::schema

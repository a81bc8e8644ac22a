#pragma once
/// Sequences of requests, legal and illegal: made anew, or from others. Both engines of the server fuzzer use it.

#include <optional>
#include <string>
#include <vector>

#include "engine/state/random.h"
#include "fuzz/server/dictionary.h"
#include "fuzz/server/sequence.h"

namespace counterpart::fuzz::server {

/// The value is none that the document speaks of: any refusal will do (Call::bound).
inline constexpr const char* odd_bound = "odd";

class Generator {
 public:
  /// `suite` must outlive it. Without `allow_destructive` no call is made that a server might take for a destructive one.
  Generator(const conformance::Suite& suite, bool allow_destructive);

  /// `space`: where values are drawn from.
  Sequence make(const state::Space& space, state::Random& random) const;
  /// One to three changes. `other`: to take calls from.
  Sequence changed(Sequence sequence, const Sequence& other, const state::Space& space, state::Random& random) const;
  bool is_safe(const Sequence& sequence) const;
  /// Takes out what must not be sent.
  void make_safe(Sequence& sequence) const;

 private:
  using Known = std::vector<conformance::Json>;
  conformance::Call make_call(const Known& known, state::Random& random) const;
  conformance::Call draft_call(const Known& known, state::Random& random) const;
  void add_values(conformance::Call& call, const Known& known, state::Random& random) const;
  void set_value(conformance::Call& call, const contract::Parameter& parameter, const Known& known,
                 state::Random& random) const;
  void set_body(conformance::Call& call, const Known& known, state::Random& random) const;
  void add_trick(conformance::Call& call, state::Random& random) const;
  std::optional<std::string> credential(size_t scheme, conformance::Call& call, state::Random& random) const;
  void add_looks(const conformance::Call& after, Sequence& sequence, state::Random& random) const;
  void change(Sequence& sequence, const Sequence& other, const Known& known, state::Random& random) const;

  const conformance::Suite& suite_;
  const bool allow_destructive_;
  const Dictionary dictionary_;
  std::vector<const contract::Operation*> operations_;
};

}  // namespace counterpart::fuzz::server

#pragma once
/// *.target.yaml: a real implementation, how to reach it and what is known of it (docs/format.md, "Targets").

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/report.h"
#include "engine/document/diagnostic.h"

namespace counterpart::conformance {

/// What brings a target into a state: a command, or a request. Texts of the request still hold `${scenario}` and `${ms}`,
/// and `$${` for a literal `${`: see hooks.h.
struct Hook {
  std::string run;  ///< a shell command; "": a request instead
  std::string method = "POST";
  std::string url;  ///< absolute, or below the target's URL
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<Json> body;
  Place where;
};

struct Hooks {
  std::optional<Hook> before_run;
  std::optional<Hook> before_scenario;  ///< brings the target into the contract's initial state
  std::optional<Hook> after_run;
  std::optional<Hook> advance_clock;  ///< moves the target's clock by `${ms}`; see HookContext
};

struct Limits {
  double requests_per_second = 0;  ///< 0: no limit
  int64_t timeout_ms = 10'000;     ///< for one whole exchange
  int concurrency = 1;             ///< cases at once, where they may
  int64_t wait_ms = 5'000;         ///< the longest real wait for one `after`
  int retries = 0;                 ///< of requests that failed without an answer and are safe to repeat
  size_t answer_bytes_max = 64u << 20;
};

/// A finding that is there and known.
struct KnownFailure {
  std::string check;
  std::string on;       ///< Finding::subject
  std::string message;  ///< Finding::message; "": any
  std::string reason;
  Place where;
};

struct TargetSettings {
  std::string name;
  std::string contract;                                      ///< the contract's name; "": any
  std::string url;                                           ///< http://host[:port][/base] or https://...
  std::vector<std::pair<std::string, std::string>> headers;  ///< added to every request
  std::optional<Json> variables;    ///< instead of the contract's; those not named are then not defined
  bool starts_as_contract = false;  ///< `state: as-contract`: the target begins in the contract's initial state
  std::string client_certificate, client_key, authorities;  ///< PEM files; in a file, their paths begin at its folder
  bool insecure = false;                                    ///< certificates are not verified
  Limits limits;
  Hooks hooks;
  std::vector<KnownFailure> known_failures;
  std::string file;  ///< "" when made from a URL
};

/// Reads a file. Values may hold `${env.NAME}`, which is read here and nowhere else; a variable of the environment that
/// is not set is an error. nullopt, with errors in `diagnostics`, when anything is wrong.
std::optional<TargetSettings> load_target(const std::string& file, document::Diagnostics& diagnostics);

/// Settings for a URL alone; nullopt, and a sentence in `problem`, when it is none.
std::optional<TargetSettings> target_of_url(const std::string& url, std::string& problem);

/// The file's text with the `known-failures` that `findings` say, the rest of the file as it is, comments included.
/// Entries that are there already and wanted stay byte for byte; the block becomes `[]` when none is wanted. Throws
/// std::runtime_error when the text is no YAML map, or written so that the block cannot be replaced (through aliases).
std::string with_known_failures(const std::string& file_text, const std::vector<KnownFailure>& known);

}  // namespace counterpart::conformance

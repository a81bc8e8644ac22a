#pragma once
/// contract.yaml to Contract. Every error of the file is reported, not the first alone; a contract with errors is not
/// handed out.

#include <memory>
#include <string>

#include "engine/contract/contract.h"
#include "engine/contract/router.h"
#include "engine/document/diagnostic.h"

namespace counterpart::contract {

inline constexpr const char* contract_file = "contract.yaml";
inline constexpr int format_version = 1;

/// A contract that loaded without errors, and the table that finds its operations.
struct Loaded {
  std::shared_ptr<const Contract> contract;
  std::shared_ptr<const Router> router;

  explicit operator bool() const { return contract != nullptr; }
};

struct LoadOptions {
  std::optional<Json> variables;  ///< a map; instead of the contract's own
};

/// Loads `folder`/contract.yaml (or the file itself, when `folder` names one). Empty, with errors in `diagnostics`,
/// when anything is wrong.
Loaded load(const std::string& folder, document::Diagnostics& diagnostics, const LoadOptions& options = {});

/// The same from text, for tests and tools. `folder` is where `body-file` looks.
Loaded load(const std::shared_ptr<const document::Source>& source, const std::string& folder,
            document::Diagnostics& diagnostics, const LoadOptions& options = {});

/// The same from a document already read, whatever became of it since; positions are those of `source`.
Loaded load(const document::Node& root, const std::shared_ptr<const document::Source>& source,
            const std::string& folder, document::Diagnostics& diagnostics, const LoadOptions& options = {});

}  // namespace counterpart::contract

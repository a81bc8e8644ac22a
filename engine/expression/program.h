#pragma once
/// The Lua snippets of a contract or a scenario, collected while it is loaded and compiled by every Interpreter that
/// plays it. A snippet is one expression (`when`, `${...}`) or some statements (`do`).

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/document/diagnostic.h"

namespace counterpart::expression {

using SnippetId = uint32_t;
class Plain;

struct Snippet {
  std::string code;
  document::Location where;         ///< the first line of `code`
  bool statements = false;          ///< else one expression
  std::vector<std::string> locals;  ///< names bound by the `each(x)` around it, outermost first
};

class Program {
 public:
  SnippetId add(Snippet snippet);
  const Snippet& at(SnippetId id) const { return snippets_[id]; }
  size_t size() const { return snippets_.size(); }

  /// A snippet as a Session evaluates it without Lua; nullptr when it cannot. Nothing is plain where a snippet may change
  /// what names are.
  const Plain* plain(SnippetId id) const { return says_env_ || id >= plain_.size() ? nullptr : plain_[id].get(); }

 private:
  std::vector<Snippet> snippets_;
  std::vector<std::shared_ptr<const Plain>> plain_;
  bool says_env_ = false;  ///< some snippet mentions _ENV
};

/// An expression that failed: what() is the reason alone, where() the line of the contract.
class Error : public std::runtime_error {
 public:
  Error(document::Location where, const std::string& reason) : std::runtime_error(reason), where_(std::move(where)) {}
  const document::Location& where() const { return where_; }

 private:
  document::Location where_;
};

}  // namespace counterpart::expression

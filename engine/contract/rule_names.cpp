#include "engine/contract/rule_names.h"

#include <algorithm>
#include <set>

#include "engine/contract/load_parts.h"
#include "engine/expression/names.h"

namespace counterpart::contract {

using expression::SnippetId;

namespace {

class Search {
 public:
  explicit Search(const Contract& contract) : contract_(contract) {}

  void look_at(SnippetId id) {
    if (!seen_.insert(id).second) return;
    const expression::Names names = expression::names_of(contract_.program.at(id));
    says_env_ = says_env_ || names.says_env;
    assigned_.insert(names.assigned.begin(), names.assigned.end());
    for (const expression::NameUse& use : names.uses) look_up(use.name);
  }

  std::vector<std::string> found() && {
    if (says_env_) return {};  // every name may mean something
    std::erase_if(found_, [this](const std::string& name) { return assigned_.contains(name); });
    return std::move(found_);
  }

 private:
  void look_up(const std::string& name) {
    const auto is_in = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    const auto has_name = [&](const Collection& collection) { return collection.spec->name == name; };
    if (is_in(scope_names()) || is_in(expression::Interpreter::builtin_names()) || is_in(found_) ||
        std::any_of(contract_.state.begin(), contract_.state.end(), has_name)) {
      return;
    }
    const auto let = std::find_if(contract_.lets.begin(), contract_.lets.end(),
                                  [&](const Let& candidate) { return candidate.name == name; });
    if (let != contract_.lets.end()) return look_at(let->expression);
    found_.push_back(name);
  }

  const Contract& contract_;
  std::set<SnippetId> seen_;
  std::set<std::string> assigned_;
  std::vector<std::string> found_;
  bool says_env_ = false;
};

}  // namespace

std::vector<std::string> rule_names(const Contract& contract, const Response& response) {
  Search search(contract);
  const auto look_at = [&search](SnippetId id) { search.look_at(id); };
  for (const auto& [name, value] : response.headers) value.for_each_snippet(look_at);
  response.body.for_each_snippet(look_at);
  return std::move(search).found();
}

}  // namespace counterpart::contract

#include "engine/expression/program.h"

#include <algorithm>

#include "engine/expression/plain.h"

namespace counterpart::expression {

SnippetId Program::add(Snippet snippet) {
  const auto says_env = [](const std::string& text) { return text.find("_ENV") != std::string::npos; };
  says_env_ =
      says_env_ || says_env(snippet.code) || std::any_of(snippet.locals.begin(), snippet.locals.end(), says_env);
  plain_.push_back(Plain::parse(snippet));
  snippets_.push_back(std::move(snippet));
  return static_cast<SnippetId>(snippets_.size() - 1);
}

}  // namespace counterpart::expression

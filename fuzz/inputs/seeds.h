#pragma once
/// What fuzzing starts from, made of what the project has anyway: scenarios, contracts, the examples of docs/format.md, and
/// the odd ones that people wrote (fuzz/seeds/). Used by seeds_main.cpp, which keeps fuzz/corpus/ and fuzz/dictionaries/.

#include <map>
#include <set>
#include <string>

namespace counterpart::fuzz {

/// By target: inputs, and words for a dictionary.
struct Seeds {
  std::map<std::string, std::set<std::string>> inputs;
  std::map<std::string, std::set<std::string>> words;
};

/// `root` is the source tree. Throws std::runtime_error when something of it cannot be read.
Seeds make_seeds(const std::string& root);

}  // namespace counterpart::fuzz

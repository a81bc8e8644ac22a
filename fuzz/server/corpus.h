#pragma once
/// The corpus of the server fuzzer as files, one sequence each, named by its content: what one run leaves the next one
/// begins with. Used by cli/fuzz_server_command.cpp.

#include <string>
#include <vector>

#include "conformance/suite.h"
#include "fuzz/server/sequence.h"

namespace counterpart::fuzz::server {

inline constexpr size_t corpus_files_max = 4096;

/// In the order of the files' names. What is no sequence of this contract is left out; so is all that is past
/// corpus_files_max.
std::vector<Sequence> load_corpus(const conformance::Suite& suite, const std::string& folder);

/// Adds files until there are corpus_files_max. Throws std::runtime_error.
void save_corpus(const std::vector<Sequence>& corpus, const std::string& folder);

}  // namespace counterpart::fuzz::server

#pragma once
/// What a command that runs beside the mock finds in its environment. Used by `exec` and `fuzz client`.

#include <string>
#include <vector>

#include "cli/mock_sites.h"

namespace counterpart::cli {

/// This program's environment, with the URLs of a space ("": the unnamed one) and of the contracts in it; each
/// "NAME=value". To be called when the sites listen.
std::vector<std::string> environment_of(const MockSites& sites, const std::string& space);

}  // namespace counterpart::cli

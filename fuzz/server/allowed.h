#pragma once
/// Whether a target is on this machine: nobody else's is fuzzed by mistake.

#include <string>

namespace counterpart::fuzz::server {

/// Whether every address that the host has is one of loopback. `problem`: else one sentence.
bool is_loopback(const std::string& host, std::string& problem);

}  // namespace counterpart::fuzz::server

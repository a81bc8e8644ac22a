#pragma once
/// The session that libFuzzer drives (server_fuzz.cpp): it has no command line of ours, so the environment says what is
/// fuzzed.

#include "fuzz/server/session.h"

namespace counterpart::fuzz::server {

/// COUNTERPART_CONTRACT names the contract's folder, COUNTERPART_TARGET a *.target.yaml of a server on this machine. Made
/// once; ends the program with a sentence and exit code 2 when they will not do.
Session& session_from_environment();

}  // namespace counterpart::fuzz::server

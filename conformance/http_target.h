#pragma once
/// A target over HTTP or HTTPS: cpp-httplib writes the requests (request_writer.cpp), Asio and OpenSSL carry them
/// (transport.cpp), answer_reader.cpp reads the answers. The only part of this folder that opens sockets.

#include <memory>

#include "conformance/target.h"
#include "conformance/target_file.h"

namespace counterpart::conformance {

/// What happens to a connection at the end of a conversation.
enum class Connections {
  of_one_case,    ///< it ends, so that nothing is carried over to the next
  of_many_cases,  ///< the next conversation uses it, unless something may be left on it, or a hook resets the target
};

/// Cases are given to `before-scenario` hooks by name. Throws EnvironmentError when the URL or a certificate is no good;
/// so does a conversation's `advance` when the advance-clock hook fails. Replies have all header fields that came, framing
/// included. Conversations must not outlive the target.
std::unique_ptr<Target> make_http_target(const TargetSettings& settings,
                                         Connections connections = Connections::of_one_case);

}  // namespace counterpart::conformance

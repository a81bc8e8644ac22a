#pragma once
/// Which of an operation's documented responses an answer is.

#include "conformance/check.h"

namespace counterpart::conformance {

/// Whether the answer is, byte for byte, the one that the contract gives: then there is nothing to look for.
bool is_as_predicted(const Expectation& expectation, const http::Response& response);

/// Of the operation's responses with this status, the one that shares most with the body (JSON, or its text); nullptr
/// when it is none of them, or when the contract means no answer, so that any refusal will do.
const contract::Response* identified(const Shapes& shapes, const Expectation& expectation, int status,
                                     const Json& body);

}  // namespace counterpart::conformance

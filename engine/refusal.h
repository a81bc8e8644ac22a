#pragma once
/// Internal to the engine: the answers that no response of the contract gives (problems, RFC 9457).

#include <string>

#include "engine/contract/router.h"
#include "engine/engine.h"
#include "engine/expression/program.h"
#include "engine/http/url.h"
#include "engine/request_values.h"

namespace counterpart::engine {

/// `operation`: that was meant; nullptr for none.
Answer problem(int status, const std::string& detail, const contract::Operation* operation = nullptr);

/// 500: what the contract says could not be worked out; names file and line.
Answer failure(const contract::Operation& operation, const expression::Error& error);

/// No operation is meant: OPTIONS, or a 405 (RFC 9110, 15.5.6) or 404 that names the near miss.
Answer refusal(const contract::Contract& contract, const http::Request& request, const http::Target& target,
               RequestValues& values, const contract::Router::Match& match);

}  // namespace counterpart::engine

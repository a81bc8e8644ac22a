#pragma once
/// The checks, one file each; check.cpp puts them in order.

#include "conformance/check.h"

namespace counterpart::conformance::checks {

extern const Check no_server_error, documented_status, documented_response, content_type, headers, literal_body,
    schema_body, state_agrees, response_time, repeatable, credential_required, parameter_required, parameter_bounds,
    method_refused;

}  // namespace counterpart::conformance::checks

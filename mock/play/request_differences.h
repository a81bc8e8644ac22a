#pragma once
/// How a request differs from the one a strict scenario awaits, as the operation reads both: values as their schemas
/// mean them, defaults filled in.

#include <nlohmann/json.hpp>

#include "engine/contract/contract.h"
#include "engine/http/message.h"

namespace counterpart::mock {

/// One field of a request that is not as awaited: {field, awaited, got}.
contract::Json difference(const std::string& field, contract::Json awaited, contract::Json got);

/// Appends each difference of two requests, as the awaited one's operation reads them: path, query, headers that the
/// awaited one has, cookies that it has, body. What neither the step nor the operation says of headers and cookies is the
/// client's own.
void add_differences(const contract::Contract& contract, const contract::Operation& operation,
                     const http::Request& awaited, const http::Request& got, contract::Json& differences);

}  // namespace counterpart::mock

#pragma once
/// An answer as a file that people can read and edit: what a corpus of the kit holds, and what a fuzzer mutates.
///
///     HTTP/1.1 200 killSession/killed
///     Content-Type: application/json
///
///     {"success":true}
///
/// The first line has the status and, in the place of the phrase, whose answer it is. Lines end with LF or CRLF; behind
/// the empty line is the body, byte for byte.

#include <string>
#include <string_view>

#include "engine/contract/contract.h"
#include "fuzz/responses/variant.h"

namespace counterpart::fuzz {

std::string write_message(const Variant& variant);

/// Any bytes are some answer: what names no response of the contract is one of its first response, and bytes without a
/// first line of this form are its body. Bounded: `headers_max` fields, Variant::body_bytes_max. Nothing is judged.
Variant read_message(std::string_view bytes, const Variant& first, const contract::Contract& contract);
inline constexpr size_t headers_max = 100;

}  // namespace counterpart::fuzz

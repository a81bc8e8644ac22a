#pragma once
/// Which requests a server might take for one that the contract marks `destructive`, however tolerantly it reads them.
/// Without --allow-destructive none of them is sent.

#include <string_view>

#include "conformance/case.h"
#include "conformance/suite.h"
#include "fuzz/server/sequence.h"

namespace counterpart::fuzz::server {

bool may_destroy(const conformance::Suite& suite, const conformance::Call& call);
bool may_destroy(const conformance::Suite& suite, const Sequence& sequence);
/// The same of bytes that need not be HTTP.
bool may_destroy(const conformance::Suite& suite, std::string_view bytes);

}  // namespace counterpart::fuzz::server

#pragma once
/// Exchanges of the journal as the admin API shows them. Used by requests.cpp and verify.cpp.

#include "mock/admin/endpoint.h"
#include "mock/journal.h"

namespace counterpart::mock::admin {

/// A copy of a space's journal, so that nobody waits while it is searched and written.
Journal journal_of(Space& space);

/// Header fields by name in lower case: text, or a list of texts where a name came more than once.
Json headers_json(const std::vector<std::pair<std::string_view, std::string_view>>& headers);

/// A body: nothing is null, JSON that says it is JSON stays JSON, all else is text.
Json body_json(const std::vector<std::pair<std::string_view, std::string_view>>& headers, std::string_view body);

/// A text, or null for none.
Json name_json(std::string_view text);

Json exchange_json(const JournalEntry& entry);

}  // namespace counterpart::mock::admin

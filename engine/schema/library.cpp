#include "engine/schema/library.h"

#include "engine/schema/compiler.h"

namespace counterpart::schema {

Library::Library(const Node& document, const std::shared_ptr<const document::Source>& source,
                 document::Diagnostics& diagnostics, const Options& options)
    : compiler_(std::make_unique<Compiler>(document, source, diagnostics, options)) {}

Library::~Library() = default;

Schema Library::compile(const Node& node) { return compiler_->compile(node); }

Schema Library::compile_copy(Node node) { return compiler_->compile_copy(std::move(node)); }

void Library::compile_all(const std::vector<Member>& schemas) {
  for (const Member& schema : schemas) compiler_->note(schema.value);
  for (const Member& schema : schemas) compiler_->compile(schema.value);
}

const Node& Library::followed(const Node& node) const { return compiler_->followed(node); }

}  // namespace counterpart::schema

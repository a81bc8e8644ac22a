#pragma once
/// The schemas of one document, compiled together: the loader of contracts makes one for a contract, Schema::compile
/// one for a schema. `$ref: '#/...'` leads to that place of the document, be it a schema on its own or not; what is
/// referred to is compiled once, and may refer back to where it came from.

#include <memory>

#include "engine/schema/schema.h"

namespace counterpart::schema {

class Compiler;

class Library {
 public:
  /// `document` must outlive the library, though not the schemas. Errors go to `diagnostics`, as Schema::compile says.
  Library(const document::Node& document, const std::shared_ptr<const document::Source>& source,
          document::Diagnostics& diagnostics, const Options& options = {});
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  /// Compiles a part of the document, or all of it.
  Schema compile(const document::Node& node);
  /// Compiles a schema that does not stand in the document as such; its `$ref: '#/...'` leads into the document.
  Schema compile_copy(document::Node node);
  /// Compiles every member of a map of schemas, first making known all their `$id` and `$anchor`.
  void compile_all(const std::vector<document::Member>& schemas);

  /// The schema's own node, or where its `$ref` leads, if it is nothing but that and leads into the document.
  const document::Node& followed(const document::Node& node) const;

 private:
  std::unique_ptr<Compiler> compiler_;
};

}  // namespace counterpart::schema

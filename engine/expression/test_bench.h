#pragma once
/// For this folder's tests: one interpreter with a scope of values and collections, and its answers as text.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/document/json.h"
#include "engine/expression/interpreter.h"
#include "engine/http/message.h"
#include "engine/state/collection.h"
#include "engine/state/random.h"

namespace counterpart::expression {

class Bench : public Scope {
 public:
  using Json = nlohmann::ordered_json;

  Budget budget;
  uint64_t seed = 1;
  state::SeededRandom numbers{1};
  Program program;
  std::map<std::string, Json, std::less<>> values;
  std::map<std::string, SnippetId, std::less<>> lets;
  std::map<std::string, state::Collection, std::less<>> collections;
  http::Headers fields{{"X-Token", "t1"}, {"X-Count", "7"}};
  HeaderValues headers{&fields, Json{{"x-count", 7}}};
  std::shared_ptr<const document::Source> source = std::make_shared<document::Source>(document::Source{"c.yaml", ""});

  void collect(const std::string& name, std::vector<std::string> index, std::string order, const char* items) {
    state::Collection made(std::make_shared<const state::CollectionSpec>(
        state::CollectionSpec{name, "id", std::move(index), std::move(order), ""}));
    for (const Json& item : Json::parse(items)) EXPECT_TRUE(made.insert(item));
    collections.insert_or_assign(name, std::move(made));
  }
  void let(const std::string& name, std::string code, int line = 1) { lets[name] = add(std::move(code), false, line); }
  SnippetId add(std::string code, bool statements = false, int line = 1, std::vector<std::string> locals = {}) {
    return program.add({std::move(code), {source, {line, 1}}, statements, std::move(locals)});
  }

  /// The value as JSON; for an error "! " and its reason.
  std::string value(const std::string& code) { return after("", code); }
  /// The value once statements have run in the same session.
  std::string after(const std::string& statements, const std::string& code) {
    return guarded([&](Session& session) {
      std::string out;
      if (!statements.empty()) session.run(add(statements, true));
      session.append_json(add(code), out);
      return out;
    });
  }
  std::string text(const std::string& code) {
    return guarded([&](Session& session) {
      std::string out;
      session.append_text(add(code), out);
      return out;
    });
  }
  /// Where an error is, then what; the code stands at line 10.
  std::string place(const std::string& code, bool statements = true) {
    const SnippetId id = add(code, statements, 10);
    try {
      Session session(interpreter(), *this, budget);
      if (statements) {
        session.run(id);
      } else {
        session.test(id);
      }
    } catch (const Error& error) {
      return error.where().text() + " " + error.what();
    }
    return "no error";
  }

  template <typename Use>
  std::string guarded(const Use& use) {
    try {
      Session session(interpreter(), *this, budget);
      return use(session);
    } catch (const Error& error) {
      return std::string("! ") + error.what();
    }
  }

  Interpreter& interpreter() { return interpreter_; }

  std::optional<Value> find(std::string_view name) override {
    if (const auto found = values.find(name); found != values.end()) {
      const Json& value = found->second;
      if (value.is_string()) return std::string_view(value.get_ref<const std::string&>());
      if (value.is_boolean()) return value.get<bool>();
      return &value;
    }
    if (const auto found = collections.find(name); found != collections.end()) return &found->second;
    if (const auto found = lets.find(name); found != lets.end()) return Let{found->second};
    if (name == "headers") return &headers;
    if (name == "absent") return Absent{};
    return std::nullopt;
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> all{"headers", "absent"};
    for (const auto& [name, value] : values) all.push_back(name);
    for (const auto& [name, value] : collections) all.push_back(name);
    for (const auto& [name, value] : lets) all.push_back(name);
    return all;
  }
  state::Random& random() override { return numbers; }

 private:
  Interpreter interpreter_{program};
};

}  // namespace counterpart::expression

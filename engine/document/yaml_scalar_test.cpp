#include "engine/document/yaml_scalar.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace counterpart::document {
namespace {

/// The scalar as kind and JSON, or its error.
std::string resolved(std::string_view text) {
  Node node;
  const std::string error = resolve_plain(text, node);
  if (!error.empty()) {
    EXPECT_EQ(node.kind, Kind::text);
    return error;
  }
  node.text = text;
  return std::string(name_of(node.kind)) + " " + node.to_json().dump();
}

TEST(ResolvePlain, Table) {
  const struct {
    std::string_view text;
    std::string_view resolved;
  } cases[] = {
      {"", "null null"},
      {"~", "null null"},
      {"null", "null null"},
      {"Null", "null null"},
      {"NULL", "null null"},
      {"nULL", "text \"nULL\""},
      {"true", "a boolean true"},
      {"True", "a boolean true"},
      {"TRUE", "a boolean true"},
      {"false", "a boolean false"},
      {"False", "a boolean false"},
      {"FALSE", "a boolean false"},
      {"tRUE", "text \"tRUE\""},
      {"yes", "text \"yes\""},
      {"no", "text \"no\""},
      {"on", "text \"on\""},
      {"Off", "text \"Off\""},
      {"y", "text \"y\""},
      {"0", "an integer 0"},
      {"-0", "an integer 0"},
      {"+0", "an integer 0"},
      {"12", "an integer 12"},
      {"+12", "an integer 12"},
      {"-12", "an integer -12"},
      {"0123", "an integer 123"},
      {"9223372036854775808", "an integer 9223372036854775808"},
      {"18446744073709551615", "an integer 18446744073709551615"},
      {"18446744073709551616", "a number 1.8446744073709552e+19"},
      {"-9223372036854775808", "an integer -9223372036854775808"},
      {"-9223372036854775809", "a number -9.223372036854776e+18"},
      {"0o17", "an integer 15"},
      {"0o18", "text \"0o18\""},
      {"0o", "text \"0o\""},
      {"-0o17", "text \"-0o17\""},
      {"0xfF", "an integer 255"},
      {"0xffffffffffffffff", "an integer 18446744073709551615"},
      {"0x10000000000000000", "a number 1.8446744073709552e+19"},
      {"0xg", "text \"0xg\""},
      {"0X1", "text \"0X1\""},
      {"0b1", "text \"0b1\""},
      {"1_000", "text \"1_000\""},
      {"1,000", "text \"1,000\""},
      {"1.5", "a number 1.5"},
      {"-1.5e3", "a number -1500.0"},
      {"+1.5E-1", "a number 0.15"},
      {".5", "a number 0.5"},
      {"1.", "a number 1.0"},
      {"1e3", "a number 1000.0"},
      {"1.e3", "a number 1000.0"},
      {"1e-999", "a number 0.0"},
      {".", "text \".\""},
      {"-", "text \"-\""},
      {"+", "text \"+\""},
      {"-.", "text \"-.\""},
      {"e3", "text \"e3\""},
      {".e3", "text \".e3\""},
      {"1e", "text \"1e\""},
      {"1e+", "text \"1e+\""},
      {"1.2.3", "text \"1.2.3\""},
      {"--1", "text \"--1\""},
      {"1 2", "text \"1 2\""},
      {"12:30", "text \"12:30\""},
      {"2022-04-04T09:00:00Z", "text \"2022-04-04T09:00:00Z\""},
      {"inf", "text \"inf\""},
      {"nan", "text \"nan\""},
      {".inf", "is not a number in JSON"},
      {"-.Inf", "is not a number in JSON"},
      {"+.INF", "is not a number in JSON"},
      {".nan", "is not a number in JSON"},
      {".NaN", "is not a number in JSON"},
      {"-.nan", "text \"-.nan\""},
      {"1e999", "is too large for a number"},
      {"-1e999", "is too large for a number"},
  };
  for (const auto& c : cases) EXPECT_EQ(resolved(c.text), c.resolved) << c.text;
}

TEST(ResolvePlain, NumbersOfAnyLength) {
  EXPECT_EQ(resolved(std::string(1'000'000, '9')), "is too large for a number");
  EXPECT_EQ(resolved("0x" + std::string(1'000'000, 'f')), "is too large for a number");
  EXPECT_EQ(resolved("0." + std::string(1'000'000, '0') + "1"), "a number 0.0");
  EXPECT_EQ(resolved(std::string(1'000'000, '0') + "1"), "an integer 1");
  EXPECT_EQ(resolved(std::string(1'000'000, 'x')).size(), 1'000'007u);
}

}  // namespace
}  // namespace counterpart::document

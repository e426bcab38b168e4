// How each group of byte vectors is checked. A vector is an object of data/vectors*.json: the input in "in", the bytes
// that Kafka makes of it in "hex", null where those are null.
//
//   for (const auto& [group, check] : serde_checks()) …
//   check(vector);                                        // fails the running test if Levada makes other bytes
#pragma once

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <levada/core/bytes.h>
#include <levada/core/serde.h>
#include <levada/core/time.h>

namespace levada {

using Json = nlohmann::json;
using VectorChecks = std::map<std::string, void (*)(const Json& vector)>;

VectorChecks hash_checks();
VectorChecks serde_checks();
VectorChecks list_checks();
VectorChecks windowed_checks();
VectorChecks store_checks();
VectorChecks versioned_checks();
VectorChecks offset_metadata_checks();
VectorChecks foreign_key_checks();
VectorChecks header_checks();

Bytes from_hex(const std::string& hex);
std::string to_hex(BytesView bytes);

inline Timestamp time_of(const Json& json) { return Timestamp(Duration(json.get<std::int64_t>())); }

inline std::string text_of(const Json& vector, const char* name) { return vector.at("in").at(name).get<std::string>(); }

// The vector's bytes, and the only ones: what is encoded reads back as the same bytes.
template <class T>
void expect_encodes(const Serde<T>& serde, const T& value, const Json& vector) {
  Bytes encoded;
  ASSERT_TRUE(serde.encode(value, encoded));
  EXPECT_EQ(to_hex(encoded), vector.at("hex").get<std::string>());
  Bytes again;
  ASSERT_TRUE(serde.encode(serde.decode(encoded), again));
  EXPECT_EQ(to_hex(again), to_hex(encoded));
}

// The bytes that `append` appends.
template <class Append>
void expect_appends(const Json& vector, Append append) {
  Bytes bytes;
  append(bytes);
  EXPECT_EQ(to_hex(bytes), vector.at("hex").get<std::string>());
}

}  // namespace levada

#include <array>
#include <optional>
#include <string>

#include <levada/core/big_endian.h>
#include <levada/core/foreign_key.h>

#include "tests/conformance/vector_checks.h"

namespace levada {
namespace {

void check_murmur3(const Json& vector) {
  const Json& in = vector.at("in");
  const Bytes input = in.contains("input_hex") ? from_hex(in.at("input_hex")) : text_of(vector, "input_utf8");
  const Hash128 hash = murmur3(input);
  expect_appends(vector, [&](Bytes& out) {
    append_big_endian(hash.first, out);
    append_big_endian(hash.second, out);
  });
}

// A text, or a number as its serde writes it.
Bytes key_of(const Json& in, const std::string& name) {
  Bytes bytes;
  if (in.contains(name)) {
    bytes = in.at(name).get<std::string>();
  } else if (in.contains(name + "_int")) {
    append_big_endian(in.at(name + "_int").get<std::int32_t>(), bytes);
  } else {
    append_big_endian(in.at(name + "_long").get<std::int64_t>(), bytes);
  }
  return bytes;
}

void check_combined_key(const Json& vector) {
  expect_appends(vector, [&](Bytes& out) {
    append_subscription_prefix(key_of(vector.at("in"), "fk"), out);
    out += key_of(vector.at("in"), "pk");
  });
}

void check_prefix(const Json& vector) {
  expect_appends(vector, [&](Bytes& out) { append_subscription_prefix(key_of(vector.at("in"), "fk"), out); });
}

std::optional<Hash128> hash_of(const Json& value) {
  if (value.is_null()) return std::nullopt;
  return murmur3(value.get<std::string>());
}

SubscriptionInstruction instruction_of(const std::string& name) {
  const std::array<std::string, 4> names = {"DELETE_KEY_NO_PROPAGATE", "DELETE_KEY_AND_PROPAGATE",
                                            "PROPAGATE_NULL_IF_NO_FK_VAL_AVAILABLE",
                                            "PROPAGATE_ONLY_IF_FK_VAL_AVAILABLE"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<SubscriptionInstruction>(i);
  }
  throw std::invalid_argument(name);
}

void check_subscription(const Json& vector) {
  const Json& in = vector.at("in");
  const Bytes primary_key = key_of(in, "pk");
  SubscriptionView subscription = {.instruction = instruction_of(in.at("instruction")),
                                   .hash = hash_of(in.at("hash_of")),
                                   .primary_key = primary_key};
  if (!in.at("primaryPartition").is_null()) subscription.partition = in.at("primaryPartition").get<Partition>();
  const OlderFormats formats = older_formats({{"upgrade.from", in.value("upgrade.from", "")}});
  expect_appends(vector, [&](Bytes& out) { append_subscription(subscription, out, formats); });
  if (formats.subscriptions_without_partition) subscription.partition.reset();
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  EXPECT_EQ(read_subscription(bytes), subscription);
}

void check_response(const Json& vector) {
  const Json& in = vector.at("in");
  const std::string value = in.at("foreignValue").is_null() ? "" : in.at("foreignValue").get<std::string>();
  SubscriptionResponseView response = {.hash = hash_of(in.at("hash_of"))};
  if (!value.empty()) response.foreign_value = value;  // no bytes are no value
  expect_appends(vector, [&](Bytes& out) { append_subscription_response(response, out); });
  const Bytes bytes = from_hex(vector.at("hex").get<std::string>());
  EXPECT_EQ(read_subscription_response(bytes), response);
}

}  // namespace

VectorChecks foreign_key_checks() {
  return {{"murmur3-128", check_murmur3},
          {"fk/combined-key", check_combined_key},
          {"fk/prefix", check_prefix},
          {"fk/subscription", check_subscription},
          {"fk/response", check_response}};
}

}  // namespace levada

#include "tests/conformance/vector_checks.h"

#include <absl/strings/escaping.h>

#include <levada/core/murmur2.h>
#include <levada/core/offset_metadata.h>

namespace levada {
namespace {

void check_murmur2(const Json& vector) {
  const Bytes key = from_hex(text_of(vector, "key_hex"));
  EXPECT_EQ(static_cast<std::int32_t>(murmur2(key)), vector.at("murmur2_signed"));
  for (const auto& [partitions, expected] : vector.at("partition").items()) {
    EXPECT_EQ(partition_for(key, std::stoi(partitions)), expected) << partitions << " partitions";
  }
}

OffsetMetadata metadata_of(const Json& in) {
  OffsetMetadata metadata{.partition_time = time_of(in.at("partitionTime"))};
  for (const auto& [store, time] : in.at("processorMetadata").items()) metadata.processor_times[store] = time_of(time);
  return metadata;
}

void check_offset_metadata(const Json& vector) {
  const OffsetMetadata metadata = metadata_of(vector.at("in"));
  const std::string text = encode_offset_metadata(metadata);
  EXPECT_EQ(text, vector.at("base64").get<std::string>());
  EXPECT_EQ(decode_offset_metadata(text), metadata);
}

void check_offset_metadata_decode(const Json& vector) {
  const OffsetMetadata metadata = decode_offset_metadata(text_of(vector, "base64"));
  EXPECT_EQ(metadata.partition_time, time_of(vector.at("partitionTime")));
  EXPECT_TRUE(metadata.processor_times.empty());
}

}  // namespace

Bytes from_hex(const std::string& hex) { return absl::HexStringToBytes(hex); }

std::string to_hex(BytesView bytes) { return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size())); }

VectorChecks hash_checks() { return {{"murmur2", check_murmur2}}; }

VectorChecks offset_metadata_checks() {
  return {{"offset-metadata", check_offset_metadata}, {"offset-metadata-decode", check_offset_metadata_decode}};
}

}  // namespace levada

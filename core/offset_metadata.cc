#include <absl/strings/escaping.h>

#include <levada/core/big_endian.h>
#include <levada/core/offset_metadata.h>
#include <levada/core/serde_traits.h>

namespace levada {
namespace {

constexpr char kWithoutMap = 1;
constexpr char kWithMap = 2;

void append_time(Timestamp time, Bytes& out) { append_big_endian<std::int64_t>(time.time_since_epoch().count(), out); }

BytesView take(std::size_t size, BytesView& in) {
  if (in.size() < size) throw SerdeError("offset metadata: too short");
  const BytesView taken = in.substr(0, size);
  in.remove_prefix(size);
  return taken;
}

std::int32_t take_count(BytesView& in) {
  const auto count = read_big_endian<std::int32_t>(take(sizeof(std::int32_t), in));
  if (count < 0) throw SerdeError("offset metadata: negative size");
  return count;
}

Timestamp take_time(BytesView& in) {
  return Timestamp(Duration(read_big_endian<std::int64_t>(take(sizeof(std::int64_t), in))));
}

OffsetMetadata decode_bytes(BytesView in) {
  const char version = take(1, in)[0];
  if (version != kWithoutMap && version != kWithMap) throw SerdeError("offset metadata: unknown version");
  OffsetMetadata metadata{.partition_time = take_time(in)};
  if (version == kWithoutMap || in.empty()) return metadata;
  for (std::int32_t left = take_count(in); left > 0; --left) {
    const BytesView name = take(static_cast<std::size_t>(take_count(in)), in);
    metadata.processor_times[std::string(name)] = take_time(in);
  }
  return metadata;
}

}  // namespace

std::string encode_offset_metadata(const OffsetMetadata& metadata) {
  Bytes bytes(1, kWithMap);
  append_time(metadata.partition_time, bytes);
  if (!metadata.processor_times.empty()) {
    append_big_endian(static_cast<std::int32_t>(metadata.processor_times.size()), bytes);
  }
  for (const auto& [name, time] : metadata.processor_times) {
    append_big_endian(static_cast<std::int32_t>(name.size()), bytes);
    bytes += name;
    append_time(time, bytes);
  }
  return absl::Base64Escape(bytes);
}

OffsetMetadata decode_offset_metadata(std::string_view text) {
  Bytes bytes;
  if (!absl::Base64Unescape(absl::string_view(text.data(), text.size()), &bytes)) return {};
  try {
    return decode_bytes(bytes);
  } catch (const SerdeError&) {
    return {};
  }
}

}  // namespace levada

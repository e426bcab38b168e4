#include <fmt/format.h>

#include <levada/core/big_endian.h>
#include <levada/core/serde_traits.h>
#include <levada/core/value_and_timestamp.h>

namespace levada {

void append_value_and_timestamp(const ValueAndTimestampView& entry, Bytes& out) {
  append_big_endian<std::int64_t>(entry.timestamp.time_since_epoch().count(), out);
  out += entry.value;
}

ValueAndTimestampView read_value_and_timestamp(BytesView bytes) {
  if (bytes.size() < sizeof(std::int64_t)) {
    throw SerdeError(fmt::format("value with timestamp: expected at least 8 bytes, found {}", bytes.size()));
  }
  return {bytes.substr(sizeof(std::int64_t)), Timestamp(Duration(read_big_endian<std::int64_t>(bytes)))};
}

}  // namespace levada

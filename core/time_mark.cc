#include <limits>
#include <utility>

#include <levada/core/big_endian.h>
#include <levada/core/observed_time.h>
#include <levada/core/time_mark.h>
#include <levada/core/varint.h>

namespace levada {
namespace {

constexpr char kOnRecord = 0;
constexpr char kAlone = 1;

std::optional<int> take_number(BytesView& in) {
  const std::optional<std::uint64_t> number = take_uvarint(in);
  if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) return std::nullopt;
  return static_cast<int>(*number);
}

Timestamp read_time(BytesView bytes) { return Timestamp(Duration(read_big_endian<std::int64_t>(bytes))); }

}  // namespace

void append_time_mark(const TimeMark& mark, Bytes& out) {
  out += mark.alone ? kAlone : kOnRecord;
  append_uvarint(static_cast<std::uint64_t>(mark.sub_topology), out);
  append_uvarint(static_cast<std::uint64_t>(mark.partition), out);
  append_big_endian<std::int64_t>(mark.time.time_since_epoch().count(), out);
}

std::optional<TimeMark> read_time_mark(BytesView bytes) {
  if (bytes.empty() || (bytes.front() != kOnRecord && bytes.front() != kAlone)) return std::nullopt;
  const bool alone = bytes.front() == kAlone;
  bytes.remove_prefix(1);
  const std::optional<int> sub_topology = take_number(bytes);
  const std::optional<int> partition = take_number(bytes);
  if (!sub_topology || !partition || bytes.size() != sizeof(std::int64_t)) return std::nullopt;
  return TimeMark{.alone = alone, .sub_topology = *sub_topology, .partition = *partition, .time = read_time(bytes)};
}

Header time_limit_header(Timestamp limit) {
  Bytes bytes;
  append_big_endian<std::int64_t>(limit.time_since_epoch().count(), bytes);
  return {std::string(kTimeLimitHeader), std::move(bytes)};
}

Timestamp time_limit_of(const Headers& headers) {
  for (const Header& header : headers) {
    if (header.key != kTimeLimitHeader || !header.value || header.value->size() != sizeof(std::int64_t)) continue;
    return read_time(*header.value);
  }
  return kNoTimeLimit;
}

}  // namespace levada

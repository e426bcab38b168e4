#include <algorithm>
#include <cstdint>

#include <levada/core/big_endian.h>
#include <levada/core/serde.h>
#include <levada/state/version_segment.h>

namespace levada {
namespace {

constexpr std::size_t kHeadBytes = 16;
constexpr std::size_t kVersionBytes = 12;

Timestamp read_time(BytesView bytes) { return Timestamp(Duration(read_big_endian<std::int64_t>(bytes))); }

void append_time(Timestamp time, Bytes& out) { append_big_endian<std::int64_t>(time.time_since_epoch().count(), out); }

// Takes `size` bytes from the end.
BytesView take_back(BytesView& bytes, std::int32_t size) {
  if (size < 0 || bytes.size() < static_cast<std::size_t>(size))
    throw SerdeError("versions of a key: bytes are missing");
  const BytesView taken = bytes.substr(bytes.size() - static_cast<std::size_t>(size));
  bytes.remove_suffix(taken.size());
  return taken;
}

}  // namespace

VersionSegment::VersionSegment(BytesView bytes) {
  if (bytes.size() < kHeadBytes + kVersionBytes) throw SerdeError("versions of a key: too short");
  end_ = read_time(bytes);
  const Timestamp begin = read_time(bytes.substr(8));
  bytes.remove_prefix(kHeadBytes);
  BytesView values = bytes;
  do {
    if (bytes.size() < kVersionBytes) throw SerdeError("versions of a key: the first one is missing");
    const auto size = read_big_endian<std::int32_t>(bytes.substr(8));
    Version& version = versions_.emplace_back(Version{.from = read_time(bytes), .value = std::nullopt});
    if (size >= 0) version.value = take_back(values, size);
    bytes.remove_prefix(kVersionBytes);
  } while (versions_.back().from > begin);
}

std::optional<std::size_t> VersionSegment::find(Timestamp time) const {
  if (time >= end_) return std::nullopt;
  for (std::size_t place = 0; place < versions_.size(); ++place) {
    if (versions_[place].from <= time) return place;
  }
  return std::nullopt;
}

void VersionSegment::insert_as_latest(Timestamp from, Timestamp to, NullableView value) {
  if (is_lone_deletion()) versions_.clear();
  if (end_ != from) versions_.insert(versions_.begin(), {end_, std::nullopt});
  versions_.insert(versions_.begin(), {from, value});
  end_ = to;
}

void VersionSegment::insert_as_earliest(Timestamp from, NullableView value) {
  if (is_lone_deletion()) versions_.clear();
  versions_.push_back({from, value});
}

void VersionSegment::insert(Timestamp from, NullableView value) {
  const std::size_t place = find(from).value();
  if (versions_[place].from == from) return replace(place, {from, value});
  versions_.insert(versions_.begin() + static_cast<std::ptrdiff_t>(place), {from, value});
}

void VersionSegment::append_to(Bytes& out) const {
  append_time(end_, out);
  append_time(begin(), out);
  for (const Version& version : versions_) {
    append_time(version.from, out);
    append_big_endian(version.value ? static_cast<std::int32_t>(version.value->size()) : -1, out);
  }
  for (auto version = versions_.rbegin(); version != versions_.rend(); ++version) {
    if (version->value) out += *version->value;
  }
}

}  // namespace levada

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include <absl/strings/escaping.h>

#include <levada/core/big_endian.h>
#include <levada/core/murmur2.h>
#include <levada/core/varint.h>
#include <levada/runtime/upstream_times.h>

namespace levada {
namespace {

constexpr std::string_view kEntryPrefix = "levada.upstream.";
constexpr std::array<Duration, 3> kUnits = {std::chrono::milliseconds(1), std::chrono::minutes(1),
                                            std::chrono::hours(1)};
// A broker takes 4,096 characters of metadata (offset.metadata.max.bytes), which are base64 once more.
constexpr std::size_t kMostBytes = 2000;
constexpr std::size_t kHashBytes = sizeof(std::uint32_t);
constexpr std::size_t kHeadBytes = 1 + sizeof(std::int64_t);  // behind the hash

enum State : std::uint64_t { kNothingSaid, kNothing, kBase };

Bytes hash_of(const std::string& topic) {
  Bytes bytes;
  append_big_endian<std::uint32_t>(murmur2(topic), bytes);
  return bytes;
}

std::uint64_t state_of(Timestamp time, Timestamp base, Duration unit) {
  if (time == kNoTimestamp) return kNothingSaid;
  return time == kNothingToCome ? kNothing : kBase + static_cast<std::uint64_t>((time - base) / unit);
}

Timestamp time_of_state(std::uint64_t state, Timestamp base, Duration unit) {
  if (state < kBase) return state == kNothing ? kNothingToCome : kNoTimestamp;
  const std::uint64_t units = state - kBase;
  if (units > static_cast<std::uint64_t>((Timestamp::max() - base) / unit)) return kNoTimestamp;  // not what we wrote
  return base + static_cast<Duration::rep>(units) * unit;
}

}  // namespace

UpstreamTimes::UpstreamTimes(std::vector<TaskId> tasks)
    : tasks_(std::move(tasks)), times_(tasks_.size(), kNoTimestamp), lowest_(kNoTimestamp) {
  find_lowest();
}

Timestamp* UpstreamTimes::time_of(const TaskId& task) {
  const auto found = std::ranges::lower_bound(tasks_, task);
  return found != tasks_.end() && *found == task ? &times_[static_cast<std::size_t>(found - tasks_.begin())] : nullptr;
}

void UpstreamTimes::hear(const TimeMark& mark) {
  Timestamp* time = time_of({mark.sub_topology, mark.partition});
  if (time == nullptr) return;
  const Timestamp before = *time;
  *time = before == kNothingToCome ? mark.time : std::max(before, mark.time);
  if (before <= lowest_) return find_lowest();
  lowest_ = std::min(lowest_, *time);
}

void UpstreamTimes::find_lowest() { lowest_ = times_.empty() ? kNoTimeLimit : *std::ranges::min_element(times_); }

UpstreamTimes::Entries::value_type UpstreamTimes::entry(const std::string& topic, Offset offset) const {
  Bytes bytes;
  for (std::size_t unit = 0; unit < kUnits.size(); ++unit) {
    bytes = packed(unit);
    if (bytes.size() <= kMostBytes) break;
  }
  if (bytes.size() > kMostBytes) bytes.resize(kHeadBytes);
  return {std::string(kEntryPrefix) + absl::Base64Escape(hash_of(topic) + bytes), Timestamp(Duration(offset))};
}

Bytes UpstreamTimes::packed(std::size_t unit) const {
  Timestamp base = kNothingToCome;
  for (const Timestamp time : times_) {
    if (time != kNoTimestamp) base = std::min(base, time);
  }
  Bytes bytes(1, static_cast<char>(unit));
  append_big_endian<std::int64_t>(base.time_since_epoch().count(), bytes);
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    if (tasks_[i].partition == 0) {
      append_uvarint(static_cast<std::uint64_t>(tasks_[i].sub_topology), bytes);
      append_uvarint(
          static_cast<std::uint64_t>(std::ranges::count(tasks_, tasks_[i].sub_topology, &TaskId::sub_topology)), bytes);
    }
    append_uvarint(state_of(times_[i], base, kUnits[unit]), bytes);
  }
  return bytes;
}

void UpstreamTimes::restore(const std::string& topic, Offset offset, const Entries& entries) {
  for (const auto& [name, of_offset] : entries) {
    if (!is_entry(name) || of_offset != Timestamp(Duration(offset))) continue;
    Bytes bytes;
    if (!absl::Base64Unescape(name.substr(kEntryPrefix.size()), &bytes)) continue;
    if (bytes.starts_with(hash_of(topic))) unpack(BytesView(bytes).substr(kHashBytes));
  }
}

void UpstreamTimes::unpack(BytesView bytes) {
  if (bytes.size() < kHeadBytes || static_cast<unsigned char>(bytes.front()) >= kUnits.size()) return;
  const Duration unit = kUnits[static_cast<unsigned char>(bytes.front())];
  const Timestamp base(Duration(read_big_endian<std::int64_t>(bytes.substr(1))));
  if (base < Timestamp{}) return;
  bytes.remove_prefix(kHeadBytes);
  while (unpack_part(bytes, base, unit)) {
  }
  find_lowest();
}

// False at the end.
bool UpstreamTimes::unpack_part(BytesView& bytes, Timestamp base, Duration unit) {
  const std::optional<std::uint64_t> sub_topology = take_uvarint(bytes);
  const std::optional<std::uint64_t> tasks = take_uvarint(bytes);
  if (!tasks) return false;
  for (Partition partition = 0; static_cast<std::uint64_t>(partition) < *tasks; ++partition) {
    const std::optional<std::uint64_t> state = take_uvarint(bytes);
    if (!state) return false;
    Timestamp* time = time_of({static_cast<int>(*sub_topology), partition});
    if (time != nullptr) *time = time_of_state(*state, base, unit);
  }
  return true;
}

bool UpstreamTimes::is_entry(const std::string& name) { return name.starts_with(kEntryPrefix); }

}  // namespace levada

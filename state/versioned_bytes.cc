#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include <levada/core/time_mark.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/state/store_error.h>
#include <levada/state/task_state.h>
#include <levada/state/version_keys.h>
#include <levada/state/versioned_bytes.h>

namespace levada {

bool VersionedBytes::is_expired(Timestamp timestamp) const {
  return timestamp < host_.segments().progress().observed - host_.spec().retention;
}

VersionedPut VersionedBytes::put(BytesView key, NullableView value, Timestamp timestamp) {
  const VersionedPut outcome = put_to_store({key, value, timestamp}, host_.segments().time_limit());
  if (!outcome.stored) host_.drop(DropReason::kLate);
  if (!host_.spec().logging) return outcome;
  set_put_version({.key = key, .timestamp = timestamp, .seqnum = host_.segments().next_seqnum()}, key_);
  host_.put_log_only(key_, value);
  return outcome;
}

VersionedPut VersionedBytes::put_to_store(const RestoreRecord& version, Timestamp limit) {
  const auto& [key, value, timestamp, headers] = version;
  if (is_expired(timestamp)) return {};
  host_.segments().observe(timestamp, limit);
  std::optional<Timestamp> end;
  if (read(kLatestSegment, key, latest_)) {
    end = read_value_and_timestamp(latest_).timestamp;
    if (timestamp >= *end) {
      replace_latest(key, value, timestamp);
      return {.stored = true};
    }
  }
  if (put_between(key, value, timestamp, end)) return {.stored = true, .valid_to = end};
  if (end) {
    put_before(*end, key, {timestamp, value});
  } else if (value) {
    replace_latest(key, value, timestamp);
  } else {
    put_deletion(key, timestamp);
  }
  return {.stored = true, .valid_to = end};
}

void VersionedBytes::replace_latest(BytesView key, NullableView value, Timestamp timestamp) {
  if (!latest_.empty()) {
    const ValueAndTimestampView before = read_value_and_timestamp(latest_);
    if (before.timestamp < timestamp) add_ended(key, {before.timestamp, before.value}, timestamp);
  }
  set_version_key(kLatestSegment, key, key_);
  if (!value) return host_.put(key_, std::nullopt);
  host_.segments().add(kLatestSegment);
  written_.clear();
  append_value_and_timestamp({.value = *value, .timestamp = timestamp}, written_);
  host_.put(key_, written_);
}

bool VersionedBytes::put_between(BytesView key, NullableView value, Timestamp timestamp,
                                 std::optional<Timestamp>& end) {
  const std::int64_t first = host_.segments().id_of(timestamp);
  for (auto id = host_.segments().last_in(first, kLatestSegment - 1); id;
       id = host_.segments().last_in(first, *id - 1)) {
    if (!read(*id, key, segment_)) continue;
    VersionSegment versions{BytesView(segment_)};
    if (versions.end() <= timestamp) return false;
    if (versions.begin() <= timestamp) {
      end = versions.end_of(versions.find(timestamp).value());
      put_into(*id, versions, key, {timestamp, value});
      return true;
    }
    end = versions.begin();
  }
  return false;
}

// The version that was valid then ends now, and may belong to an older segment with that.
void VersionedBytes::put_into(std::int64_t segment, VersionSegment& versions, BytesView key,
                              const VersionSegment::Version& version) {
  const std::size_t place = versions.find(version.from).value();
  const VersionSegment::Version before = versions.version(place);
  if (before.from == version.from || host_.segments().id_of(version.from) == segment) {
    versions.insert(version.from, version.value);
  } else {
    add_ended(key, before, version.from);
    versions.replace(place, version);
  }
  write(segment, key, versions);
}

void VersionedBytes::put_before(Timestamp end, BytesView key, const VersionSegment::Version& version) {
  const std::int64_t segment = host_.segments().id_of(end);
  if (!read(segment, key, segment_)) return write(segment, key, VersionSegment(version.from, end, version.value));
  VersionSegment versions{BytesView(segment_)};
  if (versions.end() <= version.from) {
    versions.insert_as_latest(version.from, end, version.value);
  } else {
    versions.insert_as_earliest(version.from, version.value);
  }
  write(segment, key, versions);
}

// The latest of the key: a segment that ends with it, or one of its own.
void VersionedBytes::put_deletion(BytesView key, Timestamp timestamp) {
  const std::int64_t segment = host_.segments().id_of(timestamp);
  if (!read(segment, key, segment_)) return write(segment, key, VersionSegment(timestamp));
  VersionSegment versions{BytesView(segment_)};
  if (versions.end() == timestamp) return;
  versions.insert_as_latest(versions.end(), timestamp, std::nullopt);
  write(segment, key, versions);
}

void VersionedBytes::add_ended(BytesView key, const VersionSegment::Version& version, Timestamp end) {
  const std::int64_t segment = host_.segments().id_of(end);
  if (!read(segment, key, older_)) return write(segment, key, VersionSegment(version.from, end, version.value));
  VersionSegment versions{BytesView(older_)};
  versions.insert_as_latest(version.from, end, version.value);
  write(segment, key, versions);
}

bool VersionedBytes::get(BytesView key, VersionBytes& out) const {
  if (!read(kLatestSegment, key, latest_)) return false;
  const ValueAndTimestampView latest = read_value_and_timestamp(latest_);
  out.value = latest.value;
  out.valid_from = latest.timestamp;
  out.valid_to.reset();
  return true;
}

bool VersionedBytes::get(BytesView key, Timestamp as_of, VersionBytes& out) const {
  if (get(key, out) && out.valid_from <= as_of) return true;
  if (is_expired(as_of)) return false;
  const WindowSegments& segments = host_.segments();
  for (auto id = segments.first_in(segments.id_of(as_of), kLatestSegment - 1); id;
       id = segments.first_in(*id + 1, kLatestSegment - 1)) {
    if (!read(*id, key, segment_)) continue;
    const VersionSegment versions{BytesView(segment_)};
    const std::optional<std::size_t> place = versions.find(as_of);
    if (!place) {
      if (versions.end() <= as_of) continue;
      return false;
    }
    const VersionSegment::Version& found = versions.version(*place);
    if (!found.value) return false;
    out.value = *found.value;
    out.valid_from = found.from;
    out.valid_to = versions.end_of(*place);
    return true;
  }
  return false;
}

bool VersionedBytes::read(std::int64_t segment, BytesView key, Bytes& out) const {
  set_version_key(segment, key, key_);
  if (host_.get(key_, out)) return true;
  out.clear();
  return false;
}

void VersionedBytes::write(std::int64_t segment, BytesView key, const VersionSegment& versions) {
  written_.clear();
  versions.append_to(written_);
  host_.segments().add(segment);
  set_version_key(segment, key, key_);
  host_.put(key_, written_);
}

absl::Status VersionedBytes::replay(absl::Span<const RestoreRecord> records) {
  try {
    for (const RestoreRecord& record : records) {
      put_to_store(record, record.headers != nullptr ? time_limit_of(*record.headers) : kNoTimeLimit);
    }
    return absl::OkStatus();
  } catch (const StoreError& error) {
    return error.status();
  } catch (const std::exception& error) {
    return absl::DataLossError(fmt::format("store {}: {}", host_.spec().name, error.what()));
  }
}

}  // namespace levada

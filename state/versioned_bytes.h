// What a versioned store does, on bytes: puts find their place among the versions of the key, whenever they come.
//
//   VersionedBytes versions(host);
//   versions.put("k", value, time);
//   if (versions.get("k", as_of, found)) use(found.value);
//
// Each put goes to the changelog as it is, also one that is too late to be kept. Where versions stand: version_keys.h.
//
// A guest of its StoreHost; the same thread and errors.
#pragma once

#include <optional>

#include <absl/status/status.h>
#include <absl/types/span.h>

#include <levada/core/time.h>
#include <levada/state/store_host.h>
#include <levada/state/version_segment.h>

namespace levada {

struct RestoreRecord;

// What became of a put.
struct VersionedPut {
  bool stored = false;                               // false: it was older than the history that is kept
  std::optional<Timestamp> valid_to = std::nullopt;  // when the next version begins

  bool is_latest() const { return stored && !valid_to; }
};

struct VersionBytes {
  Bytes value = {};
  Timestamp valid_from = kNoTimestamp;
  std::optional<Timestamp> valid_to = std::nullopt;  // unset: it is the latest
};

class VersionedBytes {
 public:
  explicit VersionedBytes(StoreHost& host) : host_(host) {}

  VersionedPut put(BytesView key, NullableView value, Timestamp timestamp);
  // The latest version. False if there is none, or it is a deletion.
  bool get(BytesView key, VersionBytes& out) const;
  // The version of that time. Older than the history there is none, except the latest.
  bool get(BytesView key, Timestamp as_of, VersionBytes& out) const;
  bool is_expired(Timestamp timestamp) const;

  // Puts what a changelog has, and logs nothing. kDataLoss: what is there already is damaged.
  absl::Status replay(absl::Span<const RestoreRecord> records);

 private:
  // Time has come no further than the limit.
  VersionedPut put_to_store(const RestoreRecord& version, Timestamp limit);
  void replace_latest(BytesView key, NullableView value, Timestamp timestamp);
  // Looks for the version that is valid then among those that are not the latest. `end` is where the next one begins.
  bool put_between(BytesView key, NullableView value, Timestamp timestamp, std::optional<Timestamp>& end);
  void put_into(std::int64_t segment, VersionSegment& versions, BytesView key, const VersionSegment::Version& version);
  void put_before(Timestamp end, BytesView key, const VersionSegment::Version& version);
  void put_deletion(BytesView key, Timestamp timestamp);

  bool read(std::int64_t segment, BytesView key, Bytes& out) const;
  void write(std::int64_t segment, BytesView key, const VersionSegment& versions);
  // The version has ended, which decides about its segment.
  void add_ended(BytesView key, const VersionSegment::Version& version, Timestamp end);

  StoreHost& host_;
  mutable Bytes key_ = {};
  mutable Bytes latest_ = {};
  mutable Bytes segment_ = {};
  Bytes older_ = {};
  Bytes written_ = {};
};

}  // namespace levada

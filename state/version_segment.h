// The versions of one key that ended within one segment of time: from the beginning of the oldest to the end of the
// newest, without a gap.
//
//   VersionSegment segment(ms(10), ms(20), "v1");
//   segment.insert_as_latest(ms(20), ms(35), "v2");
//   segment.version(*segment.find(ms(12))).value                // "v1"
//   segment.append_to(out);
//
// Grammar, which is Kafka Streams'; integers are big-endian, `|` joins:
//   int64 end | int64 begin | (int64 valid from | int32 length) for each version, newest first | values, oldest first
// A deletion has length -1 and no value. A segment that ends where it begins stands for a deletion with nothing before
// it.
//
// Values are views: of what was read, or of what was inserted.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <levada/core/bytes.h>
#include <levada/core/time.h>

namespace levada {

class VersionSegment {
 public:
  struct Version {
    Timestamp from;
    NullableView value;
  };

  VersionSegment(Timestamp from, Timestamp to, NullableView value) : end_(to), versions_({{from, value}}) {}
  // Of a deletion with nothing before it.
  explicit VersionSegment(Timestamp deletion) : VersionSegment(deletion, deletion, std::nullopt) {}
  // Throws SerdeError for bytes that are no segment.
  explicit VersionSegment(BytesView bytes);

  Timestamp begin() const { return versions_.back().from; }
  Timestamp end() const { return end_; }

  // The place of the version that is valid at that time, if it is within the segment.
  std::optional<std::size_t> find(Timestamp time) const;
  const Version& version(std::size_t place) const { return versions_[place]; }
  Timestamp end_of(std::size_t place) const { return place == 0 ? end_ : versions_[place - 1].from; }

  // Behind the newest; what lies between becomes a deletion.
  void insert_as_latest(Timestamp from, Timestamp to, NullableView value);
  void insert_as_earliest(Timestamp from, NullableView value);
  // At `from`, which is within the segment: in place of a version that begins there, else as one more.
  void insert(Timestamp from, NullableView value);
  void replace(std::size_t place, const Version& version) { versions_[place] = version; }

  void append_to(Bytes& out) const;

 private:
  bool is_lone_deletion() const { return end_ == begin(); }

  Timestamp end_;
  std::vector<Version> versions_;  // newest first
};

}  // namespace levada

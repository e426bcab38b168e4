// The engines on disk: a store in one column family, or in one for each segment of time.
//
//   RocksStore counts(database, "counts");
//   RETURN_IF_ERROR(counts.add_to(batch, "k", "v"));          // in the order of keys; the batch's write makes it
//   visible
//
// Column families: "kv/<store>", "window/<store>/<segment id>". Keys of the segmented kind begin with their segment id
// (window_segments.h), which is not written: it is in the column family's name. Its ranges lie within one segment.
// Guests of their database; see there for threads and errors.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <levada/state/byte_store.h>
#include <levada/state/rocks_database.h>

namespace levada {

class RocksEngine : public ByteStore {
 public:
  virtual absl::Status add_to(RocksBatch& batch, BytesView key, NullableView value) = 0;
  virtual absl::Status drop_segments_before(std::int64_t) { return absl::OkStatus(); }
  virtual std::vector<std::int64_t> segments() const { return {}; }
};

class RocksStore final : public RocksEngine {
 public:
  RocksStore(RocksDatabase& database, const std::string& store);

  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override;
  absl::Status add_to(RocksBatch& batch, BytesView key, NullableView value) override;

 private:
  RocksDatabase& database_;
  const std::string family_name_;
  RocksDatabase::Family* family_;
};

class SegmentedRocksStore final : public RocksEngine {
 public:
  SegmentedRocksStore(RocksDatabase& database, const std::string& store);

  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override;
  absl::Status add_to(RocksBatch& batch, BytesView key, NullableView value) override;
  absl::Status drop_segments_before(std::int64_t id) override;
  std::vector<std::int64_t> segments() const override;

 private:
  RocksDatabase::Family* find(std::int64_t id) const;

  RocksDatabase& database_;
  const std::string prefix_;  // of the families' names
  std::map<std::int64_t, RocksDatabase::Family*> families_ = {};
};

// All column families of a store.
std::vector<std::string> families_of(const RocksDatabase& database, const std::string& store);

}  // namespace levada

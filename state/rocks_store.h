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
#include <set>
#include <string>
#include <vector>

#include <levada/state/byte_store.h>
#include <levada/state/rocks_database.h>

namespace levada {

class RocksEngine : public ByteStore {
 public:
  virtual void add_to(RocksWriter& writer, BytesView key, NullableView value) const = 0;
};

class RocksStore final : public RocksEngine {
 public:
  static std::string family_of(const std::string& store);

  // Its column family must be there.
  RocksStore(RocksDatabase& database, const std::string& store);

  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override;
  void add_to(RocksWriter& writer, BytesView key, NullableView value) const override;

 private:
  RocksDatabase& database_;
  RocksDatabase::Family& family_;
};

class SegmentedRocksStore final : public RocksEngine {
 public:
  SegmentedRocksStore(RocksDatabase& database, const std::string& store);

  bool get(BytesView key, Bytes& out) const override;
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const override;
  std::size_t approximate_num_entries() const override;
  void add_to(RocksWriter& writer, BytesView key, NullableView value) const override;

  // Values may only be added to segments whose column families are there: those to be made for `ids`, in one call of
  // the database for all stores; families_created() then finds them.
  std::vector<std::string> missing_families(const std::set<std::int64_t>& ids) const;
  void families_created();
  absl::Status drop_segments_before(std::int64_t id);
  std::set<std::int64_t> segments() const;

 private:
  RocksDatabase::Family* find(std::int64_t id) const;
  std::string family_of(std::int64_t id) const;

  RocksDatabase& database_;
  const std::string prefix_;  // of the families' names
  std::map<std::int64_t, RocksDatabase::Family*> families_ = {};
};

// All column families of a store.
std::vector<std::string> families_of(const RocksDatabase& database, const std::string& store);

}  // namespace levada

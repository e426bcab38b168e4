// Walks a range of one column family, at the contents it had when the walk began. For .cc files that include RocksDB's
// headers. Throws StoreError.
#pragma once

#include <filesystem>
#include <memory>

#include <rocksdb/db.h>

#include <levada/state/byte_store.h>

namespace levada::internal {

class RocksIterator final : public ByteIterator {
 public:
  RocksIterator(rocksdb::DB& database, rocksdb::ColumnFamilyHandle& family, ByteRange range, Direction direction,
                const std::filesystem::path& directory);

  bool valid() const override { return valid_; }
  BytesView key() const override { return {at_->key().data(), at_->key().size()}; }
  BytesView value() const override { return {at_->value().data(), at_->value().size()}; }
  void next() override;

 private:
  void settle();

  const ByteRange range_;  // the bounds point into it
  const Direction direction_;
  const std::filesystem::path& directory_;
  rocksdb::Slice lower_ = {};
  rocksdb::Slice upper_ = {};
  std::unique_ptr<rocksdb::Iterator> at_ = nullptr;
  bool valid_ = false;
};

}  // namespace levada::internal

#include <utility>

#include <rocksdb/db.h>

#include <levada/state/rocks_iterator.h>
#include <levada/state/rocks_status.h>

namespace levada::internal {
namespace {

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

RocksIterator::RocksIterator(rocksdb::DB& database, rocksdb::ColumnFamilyHandle& family, ByteRange range,
                             Direction direction, const std::filesystem::path& directory)
    : range_(std::move(range)), direction_(direction), directory_(directory), lower_(range_.from) {
  rocksdb::ReadOptions options;
  options.iterate_lower_bound = &lower_;
  if (range_.to) {
    upper_ = *range_.to;
    options.iterate_upper_bound = &upper_;
  }
  // RocksDB's answer to bounds the wrong way round is undefined.
  if (range_.to && range_.from >= *range_.to) return;
  at_.reset(database.NewIterator(options, &family));
  direction_ == Direction::kForward ? at_->SeekToFirst() : at_->SeekToLast();
  settle();
}

void RocksIterator::next() {
  direction_ == Direction::kForward ? at_->Next() : at_->Prev();
  settle();
}

void RocksIterator::settle() {
  valid_ = at_->Valid();
  if (!valid_) throw_if_error(at_->status(), directory_);
}

}  // namespace

std::unique_ptr<ByteIterator> walk_family(rocksdb::DB& database, rocksdb::ColumnFamilyHandle& family,
                                          const ByteRange& range, Direction direction,
                                          const std::filesystem::path& directory) {
  return std::make_unique<RocksIterator>(database, family, range, direction, directory);
}

}  // namespace levada::internal

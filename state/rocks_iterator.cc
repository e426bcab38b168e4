#include <utility>

#include <levada/state/rocks_iterator.h>
#include <levada/state/rocks_status.h>

namespace levada::internal {

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

}  // namespace levada::internal

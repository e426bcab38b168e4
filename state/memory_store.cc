#include <iterator>
#include <utility>

#include <levada/state/memory_store.h>

namespace levada {

class MemoryStore::Iterator final : public ByteIterator {
 public:
  Iterator(const MemoryStore& store, ByteRange range, Direction direction)
      : store_(store), range_(std::move(range)), direction_(direction) {
    direction_ == Direction::kForward ? settle(lower_bound(range_.from)) : settle_before(end());
  }

  bool valid() const override { return valid_; }
  BytesView key() const override { return key_; }
  BytesView value() const override { return at_->entry->value; }

  void next() override {
    if (direction_ == Direction::kBackward) return settle_before(changed() ? lower_bound(key_) : at_);
    settle(changed() ? lower_bound(successor(key_)) : std::next(at_));
  }

 private:
  const auto& entries() const { return store_.index_.ordered(); }
  Position lower_bound(BytesView key) const { return entries().lower_bound(internal::KeyProbe(key)); }
  Position end() const { return range_.to ? lower_bound(*range_.to) : entries().end(); }
  bool changed() const { return version_ != store_.version_; }

  void settle_before(Position position) {
    settle(position == entries().begin() ? entries().end() : std::prev(position));
  }

  void settle(Position position) {
    version_ = store_.version_;
    at_ = position;
    valid_ = position != entries().end() && range_.contains(position->entry->key);
    if (valid_) key_ = position->entry->key;
  }

  const MemoryStore& store_;
  const ByteRange range_;
  const Direction direction_;
  Position at_ = {};
  std::uint64_t version_ = 0;
  Bytes key_ = {};
  bool valid_ = false;
};

bool MemoryStore::get(BytesView key, Bytes& out) const {
  const Entry* found = index_.find(key);
  if (found == nullptr) return false;
  out = found->value;
  return true;
}

std::unique_ptr<ByteIterator> MemoryStore::range(const ByteRange& range, Direction direction) const {
  return std::make_unique<Iterator>(*this, range, direction);
}

void MemoryStore::put(BytesView key, BytesView value) {
  ++version_;
  if (Entry* found = index_.find(key)) {
    bytes_ += value.size() - found->value.size();
    found->value = value;
    return;
  }
  Entry& entry = entries_.emplace_back(Entry{.key = Bytes(key), .value = Bytes(value)});
  entry.self = std::prev(entries_.end());
  bytes_ += key.size() + value.size();
  index_.add(entry);
}

void MemoryStore::erase(BytesView key) {
  if (Entry* found = index_.find(key)) remove(*found);
}

void MemoryStore::erase_before(BytesView key) {
  while (!index_.empty() && index_.ordered().begin()->entry->key < key) remove(*index_.ordered().begin()->entry);
}

void MemoryStore::remove(Entry& entry) {
  ++version_;
  bytes_ -= entry.key.size() + entry.value.size();
  index_.remove(entry);
  entries_.erase(entry.self);
}

}  // namespace levada

#include <levada/state/merging_iterator.h>

namespace levada {

MergingIterator::MergingIterator(const WriteBuffer& buffer, const ByteRange& range, Direction direction)
    : buffer_(buffer), rest_(range), direction_(direction) {
  open_engine();
  find_position();
  settle();
}

void MergingIterator::next() {
  catch_up();
  settle();
}

void MergingIterator::catch_up() {
  const bool engine_changed = engine_version_ != buffer_.engine_version_;
  if (!engine_changed && index_version_ == buffer_.index_version_) return;
  if (is_forward()) {
    rest_.from = successor(key_);
  } else {
    rest_.to = key_;
  }
  if (engine_changed) open_engine();
  find_position();
}

void MergingIterator::open_engine() {
  engine_version_ = buffer_.engine_version_;
  engine_ = buffer_.engine_.range(rest_, direction_);
}

void MergingIterator::find_position() {
  index_version_ = buffer_.index_version_;
  const auto& index = buffer_.index_.ordered();
  if (is_forward()) {
    position_ = index.lower_bound(internal::KeyProbe(rest_.from));
  } else {
    position_ = rest_.to ? index.lower_bound(internal::KeyProbe(*rest_.to)) : index.end();
  }
}

const WriteBuffer::Entry* MergingIterator::dirty() const {
  const auto& index = buffer_.index_.ordered();
  if (position_ == (is_forward() ? index.end() : index.begin())) return nullptr;
  const WriteBuffer::Entry* entry = is_forward() ? position_->entry : std::prev(position_)->entry;
  return rest_.contains(entry->key) ? entry : nullptr;
}

void MergingIterator::step_dirty() {
  if (is_forward()) {
    ++position_;
  } else {
    --position_;
  }
}

void MergingIterator::settle() {
  for (;;) {
    const WriteBuffer::Entry* entry = dirty();
    valid_ = entry != nullptr || engine_->valid();
    if (!valid_) return;
    if (entry == nullptr || (engine_->valid() && comes_first(engine_->key(), entry->key))) {
      key_ = engine_->key();
      value_ = engine_->value();
      return engine_->next();
    }
    if (engine_->valid() && engine_->key() == entry->key) engine_->next();
    step_dirty();
    if (!entry->is_visible()) continue;
    key_ = entry->key;
    value_ = entry->bytes_of_value();
    return;
  }
}

}  // namespace levada

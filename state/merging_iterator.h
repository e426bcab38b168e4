// Walks a write buffer and the engine below it as one map: a dirty entry hides the engine's, a tombstone hides both.
// It stands on copies of key and value, and finds its way again after any change. See WriteBuffer::range.
#pragma once

#include <levada/state/write_buffer.h>

namespace levada {

class MergingIterator final : public ByteIterator {
 public:
  MergingIterator(const WriteBuffer& buffer, const ByteRange& range, Direction direction);

  bool valid() const override { return valid_; }
  BytesView key() const override { return key_; }
  BytesView value() const override { return value_; }
  void next() override;

 private:
  using Position = internal::KeyIndex<WriteBuffer::Entry>::Ordered::const_iterator;

  bool is_forward() const { return direction_ == Direction::kForward; }
  void catch_up();
  void open_engine();
  void find_position();
  void settle();
  const WriteBuffer::Entry* dirty() const;
  void step_dirty();
  bool comes_first(BytesView a, BytesView b) const { return is_forward() ? a < b : b < a; }

  const WriteBuffer& buffer_;
  ByteRange rest_;  // what is still to be walked, as of the last change
  const Direction direction_;
  std::unique_ptr<ByteIterator> engine_ = nullptr;
  Position position_ = {};  // forward: at the next dirty entry; backward: behind it
  std::uint64_t index_version_ = 0;
  std::uint64_t engine_version_ = 0;
  bool valid_ = false;
  Bytes key_ = {};
  Bytes value_ = {};
};

}  // namespace levada

#include <utility>

#include <levada/core/outer_join.h>
#include <levada/state/list_value_bytes.h>

namespace levada {
namespace {

// The values of each list, one by one. They are copies: the list may grow meanwhile.
class OneByOne final : public ByteIterator {
 public:
  explicit OneByOne(std::unique_ptr<ByteIterator> lists) : lists_(std::move(lists)) { load(); }

  bool valid() const override { return next_ < values_.size(); }
  BytesView key() const override { return key_; }
  BytesView value() const override { return values_[next_]; }
  void next() override {
    if (++next_ < values_.size()) return;
    lists_->next();
    load();
  }

 private:
  void load() {
    values_.clear();
    next_ = 0;
    for (; lists_->valid(); lists_->next()) {
      key_ = lists_->key();
      for (const BytesView value : read_list_value(lists_->value())) values_.emplace_back(value);
      if (!values_.empty()) return;
    }
  }

  const std::unique_ptr<ByteIterator> lists_;
  Bytes key_ = {};
  std::vector<Bytes> values_ = {};
  std::size_t next_ = 0;
};

}  // namespace

void ListValueBytes::add(BytesView key, BytesView value) {
  std::vector<BytesView> values = get(key);
  values.push_back(value);
  longer_.clear();
  append_list_value(values, longer_);
  host_.put(key, longer_);
}

std::vector<BytesView> ListValueBytes::get(BytesView key) const {
  if (!host_.get(key, list_)) return {};
  return read_list_value(list_);
}

std::unique_ptr<ByteIterator> ListValueBytes::all() const {
  return std::make_unique<OneByOne>(host_.range({}, Direction::kForward));
}

}  // namespace levada

#include <utility>
#include <vector>

#include <levada/state/committed_view.h>

namespace levada {
namespace {

class CopiedRange final : public ByteIterator {
 public:
  explicit CopiedRange(ByteIterator& from) {
    for (; from.valid(); from.next()) entries_.emplace_back(from.key(), from.value());
  }
  bool valid() const override { return at_ < entries_.size(); }
  BytesView key() const override { return entries_[at_].first; }
  BytesView value() const override { return entries_[at_].second; }
  void next() override { ++at_; }

 private:
  std::vector<std::pair<Bytes, Bytes>> entries_ = {};
  std::size_t at_ = 0;
};

}  // namespace

std::unique_lock<std::mutex> CommittedView::lock() const {
  return mutex_ == nullptr ? std::unique_lock<std::mutex>() : std::unique_lock(*mutex_);
}

bool CommittedView::get(BytesView key, Bytes& out) const {
  const auto locked = lock();
  return engine_.get(key, out);
}

std::unique_ptr<ByteIterator> CommittedView::range(const ByteRange& range, Direction direction) const {
  if (mutex_ == nullptr) return engine_.range(range, direction);
  const auto locked = lock();
  return std::make_unique<CopiedRange>(*engine_.range(range, direction));
}

std::size_t CommittedView::approximate_num_entries() const {
  const auto locked = lock();
  return engine_.approximate_num_entries();
}

}  // namespace levada

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <levada/state/window_bytes.h>

namespace levada {
namespace {

class SegmentsIterator final : public ByteIterator {
 public:
  SegmentsIterator(const StoreHost& host, WindowQuery query)
      : host_(host),
        query_(std::move(query)),
        bounds_(bounds_of(query_)),
        first_(host.segments().id_of(query_.from)),
        last_(host.segments().id_of(query_.to)) {
    open(is_forward() ? host_.segments().first_in(first_, last_) : host_.segments().last_in(first_, last_));
    settle();
  }

  bool valid() const override { return in_segment_ != nullptr; }
  BytesView key() const override { return without_segment(in_segment_->key()); }
  BytesView value() const override { return in_segment_->value(); }
  void next() override {
    in_segment_->next();
    settle();
  }

 private:
  static KeyRange bounds_of(const WindowQuery& query) {
    if (query.key_from && query.key_from == query.key_to) {
      return fixed_size_key_range(KeySchema::kWindow, *query.key_from, query.from, query.to);
    }
    KeyRange bounds;
    if (query.key_from) bounds.lower = key_range(KeySchema::kWindow, *query.key_from, query.from, query.to).lower;
    if (query.key_to) bounds.upper = key_range(KeySchema::kWindow, *query.key_to, query.from, query.to).upper;
    return bounds;
  }

  bool is_forward() const { return query_.direction == Direction::kForward; }

  void open(std::optional<std::int64_t> id) {
    in_segment_.reset();
    if (!id) return;
    segment_ = *id;
    const Bytes prefix = segment_prefix(segment_);
    ByteRange range{.from = prefix + bounds_.lower.value_or(Bytes()), .to = end_of_prefix(prefix)};
    if (bounds_.upper) range.to = successor(prefix + *bounds_.upper);
    in_segment_ = host_.range(range, query_.direction);
  }

  void open_next() {
    if (segment_ == (is_forward() ? last_ : first_)) return open(std::nullopt);
    const WindowSegments& segments = host_.segments();
    open(is_forward() ? segments.first_in(segment_ + 1, last_) : segments.last_in(first_, segment_ - 1));
  }

  void settle() {
    while (in_segment_ != nullptr) {
      if (!in_segment_->valid()) {
        open_next();
      } else if (matches(read_window_key(key()))) {
        return;
      } else {
        in_segment_->next();
      }
    }
  }

  bool matches(const WindowKey& window) const {
    return window.start >= query_.from && window.start <= query_.to &&
           (!query_.key_from || window.key >= *query_.key_from) && (!query_.key_to || window.key <= *query_.key_to);
  }

  const StoreHost& host_;
  const WindowQuery query_;
  const KeyRange bounds_;
  const std::int64_t first_;
  const std::int64_t last_;
  std::int64_t segment_ = 0;
  std::unique_ptr<ByteIterator> in_segment_ = nullptr;
};

void require_not_negative(Timestamp start, const std::string& store) {
  if (start >= Timestamp{}) return;
  throw std::invalid_argument(
      fmt::format("store {}: a window cannot start at {} ms, before 1970", store, start.time_since_epoch().count()));
}

}  // namespace

void WindowBytes::put(BytesView key, Timestamp start, NullableView value) {
  require_not_negative(start, host_.spec().name);
  WindowSegments& segments = host_.segments();
  const bool duplicates = host_.spec().retain_duplicates;
  const std::int32_t seqnum = duplicates ? segments.next_seqnum() : 0;
  segments.observe(start);
  scratch_.clear();
  segments.append_key({.key = key, .start = start, .seqnum = seqnum}, scratch_);
  // Kafka Streams logs what is expired, and nulls among duplicates, although they are never stored.
  const bool expired = !segments.keeps(start);
  if (expired) host_.drop(DropReason::kLate);
  if (expired || (duplicates && !value)) return host_.put_log_only(scratch_, value);
  if (value) segments.add(segments.id_of(start));
  host_.put(scratch_, value);
}

bool WindowBytes::fetch(BytesView key, Timestamp start, Bytes& out) const {
  const WindowSegments& segments = host_.segments();
  if (start < std::max(segments.oldest_readable(), Timestamp{})) return false;
  scratch_.clear();
  segments.append_key({.key = key, .start = start}, scratch_);
  return host_.get(scratch_, out);
}

std::unique_ptr<ByteIterator> WindowBytes::fetch(const WindowQuery& query) const {
  WindowQuery readable = query;
  readable.from = std::max({query.from, host_.segments().oldest_readable(), Timestamp{}});
  if (readable.from > readable.to) return empty_range();
  if (readable.key_from && readable.key_to && *readable.key_from > *readable.key_to) {
    return empty_range();
  }
  return std::make_unique<SegmentsIterator>(host_, std::move(readable));
}

}  // namespace levada

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include <levada/state/segment_walk.h>

namespace levada {
namespace {

// Opens one segment after the other, as long as there are any between the first and the last.
class Segments {
 public:
  Segments(const WindowSegments& segments, Timestamp from, Timestamp to, Direction direction)
      : segments_(segments), first_(segments.id_of(from)), last_(segments.id_of(to)), direction_(direction) {}

  std::optional<std::int64_t> next() {
    if (first_ > last_) return std::nullopt;
    const bool is_forward = direction_ == Direction::kForward;
    const auto id = is_forward ? segments_.first_in(first_, last_) : segments_.last_in(first_, last_);
    if (id) is_forward ? first_ = *id + 1 : last_ = *id - 1;
    return id;
  }

 private:
  const WindowSegments& segments_;
  std::int64_t first_;
  std::int64_t last_;
  const Direction direction_;
};

class SegmentWalk final : public ByteIterator {
 public:
  SegmentWalk(const StoreHost& host, SegmentQuery query)
      : host_(host), query_(std::move(query)), segments_(host.segments(), query_.from, query_.to, query_.direction) {
    open_next();
    settle();
  }

  bool valid() const override { return in_segment_ != nullptr; }
  BytesView key() const override { return host_.segments().changelog_key(in_segment_->key()); }
  BytesView value() const override { return in_segment_->value(); }
  void next() override {
    in_segment_->next();
    settle();
  }

 private:
  void open_next() {
    in_segment_.reset();
    const std::optional<std::int64_t> id = segments_.next();
    if (!id) return;
    const Bytes prefix = host_.segments().prefix(*id);
    ByteRange range{.from = prefix + query_.bounds.lower.value_or(Bytes()), .to = end_of_prefix(prefix)};
    if (query_.bounds.upper) range.to = successor(prefix + *query_.bounds.upper);
    in_segment_ = host_.range(range, query_.direction);
  }

  void settle() {
    while (in_segment_ != nullptr) {
      if (!in_segment_->valid()) {
        open_next();
      } else if (query_.matches(key())) {
        return;
      } else {
        in_segment_->next();
      }
    }
  }

  const StoreHost& host_;
  const SegmentQuery query_;
  Segments segments_;
  std::unique_ptr<ByteIterator> in_segment_ = nullptr;
};

class TimeWalk final : public ByteIterator {
 public:
  TimeWalk(const StoreHost& host, Timestamp from, Timestamp to)
      : host_(host), from_(from), to_(to), segments_(host.segments(), from, to, Direction::kForward) {
    open_next();
    settle();
  }

  bool valid() const override { return in_segment_ != nullptr; }
  BytesView key() const override { return host_.segments().changelog_key(key_); }
  BytesView value() const override { return value_; }
  void next() override {
    in_segment_->next();
    settle();
  }

 private:
  void open_next() {
    in_segment_.reset();
    const std::optional<std::int64_t> id = segments_.next();
    if (!id) return;
    const WindowSegments& segments = host_.segments();
    const Timestamp begin = segments.begin_of(*id);
    ByteRange range{.from = segments.time_key(std::max(from_, begin)), .to = segments.prefix(*id)};
    if (to_ < Timestamp::max() && segments.id_of(to_) == *id) {
      range.to = end_of_prefix(segments.time_key(to_));
    }
    in_segment_ = host_.range(range, Direction::kForward);
  }

  // The value stands under the first key; it is not there when it was removed meanwhile.
  void settle() {
    while (in_segment_ != nullptr) {
      if (!in_segment_->valid()) {
        open_next();
        continue;
      }
      key_ = host_.segments().prefix(read_segment_id(in_segment_->key()));
      host_.segments().append_changelog_key(in_segment_->key(), key_);
      if (host_.get(key_, value_)) return;
      in_segment_->next();
    }
  }

  const StoreHost& host_;
  const Timestamp from_;
  const Timestamp to_;
  Segments segments_;
  std::unique_ptr<ByteIterator> in_segment_ = nullptr;
  Bytes key_ = {};
  Bytes value_ = {};
};

}  // namespace

void require_not_negative(Timestamp start, const StoreHost& host) {
  if (start >= Timestamp{}) return;
  throw std::invalid_argument(fmt::format("store {}: a window cannot start at {} ms, before 1970", host.spec().name,
                                          start.time_since_epoch().count()));
}

void put_at(StoreHost& host, Timestamp time, BytesView key, NullableView value) {
  WindowSegments& segments = host.segments();
  // Kafka Streams logs what is expired, although it is never stored.
  if (!segments.keeps(time)) {
    host.drop(DropReason::kLate);
    return host.put_log_only(key, value);
  }
  if (value) segments.add(segments.id_of(time));
  host.put(key, value);
  if (host.spec().by_time) host.put_time_key(key, value.has_value());
}

std::unique_ptr<ByteIterator> walk_segments(const StoreHost& host, SegmentQuery query) {
  return std::make_unique<SegmentWalk>(host, std::move(query));
}

std::unique_ptr<ByteIterator> walk_by_time(const StoreHost& host, Timestamp from, Timestamp to) {
  from = std::max(from, Timestamp{});
  if (from > to) return empty_range();
  return std::make_unique<TimeWalk>(host, from, to);
}

}  // namespace levada

// Joins the records of one side with those that the other side has brought within the join window.
//
// A left or outer join keeps what finds no partner in a store that both sides share, and emits it, joined with nothing,
// when the window has closed: when a record comes that is at stream time, which is the highest timestamp of both sides.
// What is late already, and what has no key, is joined with nothing at once.
#pragma once

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/join_windows.h>
#include <levada/dsl/joiner.h>
#include <levada/state/outer_join_store.h>
#include <levada/state/window_store.h>

namespace levada::internal {

// The types of a join: of K1 and V1 on the left, of K2 and V2 on the right. Where a side may be missing, the joiner
// gets it as a std::optional; where records without keys are joined, keys come out as the side that is kept has them.
template <JoinKind kJoinKind, class K1, class V1, class K2, class V2, class F>
struct StreamJoinTypes {
  static constexpr JoinKind kKind = kJoinKind;
  static constexpr bool keeps(JoinSide side) {
    return kKind == JoinKind::kOuter || (kKind == JoinKind::kLeft && side == JoinSide::kLeft);
  }

  using Key = Unwrapped<K1>;
  using Left = Unwrapped<V1>;
  using Right = Unwrapped<V2>;
  static constexpr bool kNullKeys =
      (keeps(JoinSide::kLeft) && is_optional_v<K1>) || (keeps(JoinSide::kRight) && is_optional_v<K2>);

  using KeyOut = std::conditional_t<kNullKeys, std::optional<Key>, Key>;
  using LeftArgument = std::conditional_t<keeps(JoinSide::kRight), std::optional<Left>, Left>;
  using RightArgument = std::conditional_t<keeps(JoinSide::kLeft), std::optional<Right>, Right>;
  using JoinerType = F;
  static constexpr bool kValid = kJoinableKeys<K1, K2> && Joiner<F, KeyOut, LeftArgument, RightArgument>;
  using ValueOut = JoinedValue<F, KeyOut, LeftArgument, RightArgument>;
};

template <class Types>
struct StreamJoinSerdes {
  Serde<typename Types::Key> key = {};
  Serde<typename Types::Left> left = {};
  Serde<typename Types::Right> right = {};
};

// The stores of one side, by name.
struct StreamJoinStores {
  std::string other = {};    // what the other side has brought
  std::string waiting = {};  // what has no partner yet; of inner joins, none
};

// K and V are those of this side.
template <class Types, JoinSide kSide, class K, class V>
class StreamJoin final : public Processor<K, V, typename Types::KeyOut, typename Types::ValueOut> {
  static constexpr bool kIsLeft = kSide == JoinSide::kLeft;
  static constexpr bool kKeepsAlone = Types::keeps(kSide);
  static constexpr bool kHasWaiting = Types::kKind != JoinKind::kInner;
  static constexpr JoinSide kOtherSide = kIsLeft ? JoinSide::kRight : JoinSide::kLeft;

  using Key = typename Types::Key;
  using KeyOut = typename Types::KeyOut;
  using LeftArgument = typename Types::LeftArgument;
  using RightArgument = typename Types::RightArgument;
  using ThisArgument = std::conditional_t<kIsLeft, LeftArgument, RightArgument>;
  using OtherArgument = std::conditional_t<kIsLeft, RightArgument, LeftArgument>;

 public:
  using OtherStore = WindowStore<Key, std::conditional_t<kIsLeft, typename Types::Right, typename Types::Left>>;

  StreamJoin(OperatorContext& context, const StreamJoinStores& stores, const JoinWindows& windows,
             StreamJoinSerdes<Types> serdes, typename Types::JoinerType joiner)
      : context_(context),
        others_(context.store(StoreRef<OtherStore>{stores.other})),
        windows_(kIsLeft ? windows : windows.reversed()),
        reach_({.left = windows.after(), .right = windows.before(), .grace = windows.grace()}),
        serdes_(std::move(serdes)),
        joiner_(std::move(joiner)) {
    if constexpr (kHasWaiting) {
      waiting_ = &context.store(StoreRef<OuterJoinStore>{stores.waiting});
      waiting_->set_scan_interval(context.emit_intervals().outer_joins);
      waiting_->set_time_limit(context.time_limit());
    }
  }

  void process(const Record<K, V>& record) override {
    if constexpr (kHasWaiting) waiting_->observe(record.timestamp);
    if (is_null(record.value))
      return context_.drop(is_null(record.key) ? DropReason::kNullKey : DropReason::kNullValue);
    if (is_null(record.key)) {
      if constexpr (kKeepsAlone) return emit_alone(record);
      return context_.drop(DropReason::kNullKey);
    }
    if constexpr (kHasWaiting) {
      if (record.timestamp >= waiting_->stream_time()) emit_closed(record.headers);
    }
    const bool found = join_with_others(record);
    if constexpr (kKeepsAlone) {
      if (!found) keep(record);
    }
  }

 private:
  // When a result is of, and what it carries along.
  struct Stamp {
    Timestamp timestamp;
    const Headers& headers;
  };

  bool on_time_passed([[maybe_unused]] Timestamp time) override {
    if constexpr (kHasWaiting) {
      waiting_->observe(time);
      return emit_closed(no_headers());
    }
    return false;
  }

  bool join_with_others(const Record<K, V>& record) {
    bool found = false;
    const Key& key = unwrap(record.key);
    for (const auto& [time, other] :
         others_.fetch(key, windows_.from(record.timestamp), windows_.to(record.timestamp))) {
      found = true;
      if constexpr (kHasWaiting) waiting_->remove({.timestamp = time, .side = kOtherSide, .key = encoded(key)});
      emit_joined(record, other_argument_(other), std::max(time, record.timestamp));
    }
    return found;
  }

  void keep(const Record<K, V>& record) {
    if (windows_.to(record.timestamp) < waiting_->stream_time()) return emit_alone(record);
    value_bytes_.clear();
    this_serde().encode(unwrap(record.value), value_bytes_);
    waiting_->add({.timestamp = record.timestamp, .side = kSide, .key = encoded(unwrap(record.key))}, value_bytes_);
  }

  void emit_alone(const Record<K, V>& record) { emit_joined(record, OtherArgument(), record.timestamp); }

  // With the headers of the record that made it due. False if there is none.
  bool emit_closed(const Headers& headers) {
    bool any = false;
    waiting_->take_closed(reach_, kSide, context_.wall_clock_time(), [&](const OuterJoinKey& at, BytesView value) {
      any = true;
      const Key key = serdes_.key.decode(at.key);
      const Stamp stamp = {at.timestamp, headers};
      if (at.side == JoinSide::kLeft) {
        emit_pair(key, LeftArgument(serdes_.left.decode(value)), RightArgument(), stamp);
      } else if constexpr (Types::keeps(JoinSide::kRight)) {
        emit_pair(key, LeftArgument(), RightArgument(serdes_.right.decode(value)), stamp);
      }
    });
    return any;
  }

  void emit_joined(const Record<K, V>& record, const OtherArgument& other, Timestamp time) {
    if constexpr (kIsLeft) {
      emit_pair(record.key, this_argument_(record.value), other, {time, record.headers});
    } else {
      emit_pair(record.key, other, this_argument_(record.value), {time, record.headers});
    }
  }

  template <class KeyIn>
  void emit_pair(const KeyIn& key_in, const LeftArgument& left, const RightArgument& right, const Stamp& stamp) {
    const KeyOut& key = key_out_(key_in);
    const typename Types::ValueOut joined = call_joiner(joiner_, key, left, right);
    this->emit({key, joined, stamp.timestamp, stamp.headers});
  }

  const auto& this_serde() const {
    if constexpr (kIsLeft) {
      return serdes_.left;
    } else {
      return serdes_.right;
    }
  }

  const Bytes& encoded(const Key& key) {
    key_bytes_.clear();
    serdes_.key.encode(key, key_bytes_);
    return key_bytes_;
  }

  OperatorContext& context_;
  OtherStore& others_;
  OuterJoinStore* waiting_ = nullptr;
  const JoinWindows windows_;  // seen from this side
  const JoinReach reach_;
  const StreamJoinSerdes<Types> serdes_;
  typename Types::JoinerType joiner_;
  PassedAs<ThisArgument> this_argument_ = {};
  PassedAs<OtherArgument> other_argument_ = {};
  PassedAs<KeyOut> key_out_ = {};
  Bytes key_bytes_ = {};
  Bytes value_bytes_ = {};
};

}  // namespace levada::internal

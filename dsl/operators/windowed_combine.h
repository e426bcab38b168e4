// Folds the records of a key and a pane of its windows into a partial aggregate, which goes on at the next commit, or
// earlier when event time has come far: windows behind the repartition topic are kept for a limited time only. What
// combiners of other partitions hold of that time must not come later, so that whoever runs them is asked to flush all
// of them (flush_by()); here it is done for a record whose time is not the one it was read with.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include <levada/core/observed_time.h>
#include <levada/core/processor.h>
#include <levada/core/windowed.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/dsl/partial.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

struct Panes {
  Duration size = {};
  Duration batch = {};  // how far stream time may come within a batch of partial aggregates

  Window of(Timestamp time) const {
    const Timestamp start(time.time_since_epoch() / size * size);
    return {.start = start, .end = start + size};
  }
};

// Fold: std::optional<A>(std::optional<A> before, const Unwrapped<K>&, const V&).
template <class K, class V, class A, class Fold>
class WindowedCombine final : public Processor<K, V, K, Partial<A>> {
 public:
  using Key = Unwrapped<K>;
  using Store = TimestampedKeyValueStore<Windowed<Key>, A>;

  WindowedCombine(OperatorContext& context, const StoreRef<Store>& store, const Panes& panes, Fold fold)
      : context_(context),
        store_(context.store(store)),
        panes_(panes),
        fold_(std::move(fold)),
        caching_(is_cached(store_)),
        time_(context.time_limit()) {
    if (!caching_) return;
    forward_when_flushed<Windowed<Key>, A>(context, store_, {}, [this](const Record<Windowed<Key>, Change<A>>& change) {
      if (change.value.after) send(change.key.key, *change.value.after, change.timestamp);
    });
  }

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    begin_batch_if_due(record.timestamp);
    const Key& key = unwrap(record.key);
    if (caching_) return add(key, record);
    const std::optional<A> alone = fold_(std::nullopt, key, record.value);
    if (alone) send(key, *alone, record.timestamp);
  }

 private:
  void begin_batch_if_due(Timestamp time) {
    const Timestamp before = time_.now();
    time_.observe(time);
    if (time_.now() - batch_start_ > panes_.batch) store_.flush_cache();
    if (!store_.is_flushed()) return;
    before_batch_ = before;
    batch_start_ = time_.now();
    const bool ends = panes_.batch < Timestamp::max() - batch_start_;
    store_.flush_by(ends ? batch_start_ + panes_.batch : Timestamp::max());
  }

  void add(const Key& key, const Record<K, V>& record) {
    const Windowed<Key>& pane = pane_of(key, record.timestamp);
    auto row = store_.get(pane);
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> before = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    store_.put(pane, with_timestamp(fold_(std::move(before), key, record.value), timestamp));
  }

  const Windowed<Key>& pane_of(const Key& key, Timestamp time) {
    if (!pane_) return pane_.emplace(Windowed<Key>{key, panes_.of(time)});
    pane_->key = key;
    pane_->window = panes_.of(time);
    return *pane_;
  }

  void send(const K& key, const A& value, Timestamp timestamp) {
    const Partial<A> partial = {.value = value, .stream_time = before_batch_};
    this->emit({key, partial, timestamp});
  }

  OperatorContext& context_;
  Store& store_;
  const Panes panes_;
  Fold fold_;
  const bool caching_;
  std::optional<Windowed<Key>> pane_ = std::nullopt;  // its memory is used again
  ObservedTime time_;
  Timestamp before_batch_ = kNoTimestamp;  // stream time when the batch began, without its first record
  Timestamp batch_start_ = kNoTimestamp;   // with it
};

}  // namespace levada::internal

// Joins a stream with itself on one store, where the unoptimised form has two stores with the same content and two
// operators. The results are the same, in the same order.
#pragma once

#include <algorithm>
#include <utility>

#include <levada/core/observed_time.h>
#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/join_windows.h>
#include <levada/dsl/joiner.h>
#include <levada/state/window_store.h>

namespace levada::internal {

template <class Types, class K, class V>
class StreamSelfJoin final : public Processor<K, V, typename Types::KeyOut, typename Types::ValueOut> {
 public:
  using Store = WindowStore<typename Types::Key, typename Types::Left>;

  StreamSelfJoin(OperatorContext& context, const StoreRef<Store>& store, const JoinWindows& windows,
                 typename Types::JoinerType joiner)
      : context_(context),
        store_(context.store(store)),
        windows_(windows),
        joiner_(std::move(joiner)),
        time_(context.time_limit()) {}

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    if (is_null(record.value)) return context_.drop(DropReason::kNullValue);
    time_.observe(record.timestamp);
    join_on_the_left(record);
    join_on_the_right(record);
  }

 private:
  void join_on_the_left(const Record<K, V>& record) {
    for (const auto& [time, other] : others(record, windows_)) {
      emit_pair(record, record.value, other, std::max(time, record.timestamp));
    }
  }

  // The record meets itself after those of its time and before later ones.
  void join_on_the_right(const Record<K, V>& record) {
    bool met_itself = is_expired(record.timestamp);
    for (const auto& [time, other] : others(record, windows_.reversed())) {
      if (time > record.timestamp && !std::exchange(met_itself, true)) emit_with_itself(record);
      emit_pair(record, other, record.value, std::max(time, record.timestamp));
    }
    if (!met_itself) emit_with_itself(record);
  }

  auto others(const Record<K, V>& record, const JoinWindows& windows) const {
    return store_.fetch(unwrap(record.key), windows.from(record.timestamp), windows.to(record.timestamp));
  }

  // Its own window is no longer kept.
  bool is_expired(Timestamp time) const {
    return time <= time_.now() - windows_.size() - windows_.grace() + Duration(1);
  }

  void emit_with_itself(const Record<K, V>& record) { emit_pair(record, record.value, record.value, record.timestamp); }

  template <class Left, class Right>
  void emit_pair(const Record<K, V>& record, const Left& left, const Right& right, Timestamp time) {
    const typename Types::KeyOut& key = key_out_(record.key);
    const typename Types::ValueOut joined = call_joiner(joiner_, key, left_argument_(left), right_argument_(right));
    this->emit({key, joined, time, record.headers});
  }

  OperatorContext& context_;
  Store& store_;
  const JoinWindows windows_;
  typename Types::JoinerType joiner_;
  ObservedTime time_;
  PassedAs<typename Types::LeftArgument> left_argument_ = {};
  PassedAs<typename Types::RightArgument> right_argument_ = {};
  PassedAs<typename Types::KeyOut> key_out_ = {};
};

}  // namespace levada::internal

// Records of a stream that wait, in the order of their time: what a join with a grace stands on.
//
//   RecordBuffer buffer(store);
//   buffer.put("k", "v", record_context);
//   buffer.take_until(due, [](BytesView key, BytesView value, const RecordContext& record) { … });
//
// In the format of Kafka Streams, in a key-value store and its changelog:
//   key     00 | int64 timestamp | k | int32 seqnum
//   value   a buffered change with nothing before, and time 0 (core/buffered_change.h)
// Changelog records have no time of their own. Where Kafka Streams loses what its changelog has of it, this goes on.
// A guest of its store; the same thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

#include <absl/functional/function_ref.h>

#include <levada/core/bytes.h>
#include <levada/core/observed_time.h>
#include <levada/core/operator_context.h>
#include <levada/core/record_context.h>
#include <levada/state/key_value_store.h>

namespace levada {

class RecordBuffer {
 public:
  using Store = KeyValueStore<Bytes, Bytes>;
  using Visitor = absl::FunctionRef<void(BytesView key, BytesView value, const RecordContext& record)>;

  // Looks through what the store has.
  RecordBuffer(Store& store, OperatorContext& context);

  // The latest that was put into it or observed, as far as the context allows; kNoTimestamp before that.
  Timestamp observed() const { return time_.now(); }
  void observe(Timestamp time) { time_.observe(time); }

  void put(BytesView key, BytesView value, const RecordContext& record);
  // Hands out what happened until then, oldest first, and removes it.
  void take_until(Timestamp last, Visitor visit);

 private:
  void write(const Bytes& key, NullableView value);

  Store& store_;
  OperatorContext& context_;
  ObservedTime time_;
  Timestamp earliest_ = Timestamp::max();  // nothing older is in it
  std::int32_t seqnum_ = 0;
  Bytes key_ = {};
  Bytes value_ = {};
};

}  // namespace levada

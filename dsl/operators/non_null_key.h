// Passes what has a key: only that can be sent to the partition it belongs to. The rest is not counted as dropped, as
// it is not in Kafka Streams.
#pragma once

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V>
class NonNullKey final : public Processor<K, V, K, V> {
 public:
  void process(const Record<K, V>& record) override {
    if (!is_null(record.key)) this->pass(record);
  }
};

}  // namespace levada::internal

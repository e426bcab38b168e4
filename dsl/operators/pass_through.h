// Passes every record on: where streams are merged, and where a branch begins.
#pragma once

#include <levada/core/processor.h>

namespace levada::internal {

template <class K, class V>
class PassThrough final : public Processor<K, V, K, V> {
 public:
  void process(const Record<K, V>& record) override { this->pass(record); }
};

}  // namespace levada::internal

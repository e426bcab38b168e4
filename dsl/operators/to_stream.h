// Makes a stream of a table's changes: the row as it is now, or null where it is gone.
#pragma once

#include <levada/core/change.h>
#include <levada/core/processor.h>
#include <levada/core/serde_traits.h>

namespace levada::internal {

template <class K, class V>
class ToStream final : public Processor<K, Change<Unwrapped<V>>, K, V> {
 public:
  void process(const Record<K, Change<Unwrapped<V>>>& record) override {
    const auto& row = record.value.after;
    if constexpr (is_optional_v<V>) {
      this->pass(record.with_value(row));
    } else if (row) {
      this->pass(record.with_value(*row));
    }
  }
};

}  // namespace levada::internal

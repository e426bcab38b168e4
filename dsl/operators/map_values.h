// Makes another value of each record; the key stays.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F, class V2 = ResultOf<F, K, V>>
class MapValues final : public Processor<K, V, K, V2> {
 public:
  explicit MapValues(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override {
    const V2& mapped = call(f_, record.key, record.value);  // a reference into the record, or a value that lives on
    this->pass(record.with_value(mapped));
  }

 private:
  F f_;
};

}  // namespace levada::internal

// Makes any number of values of each record; the key stays.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F, class V2 = ElementOf<ResultOf<F, K, V>>>
class FlatMapValues final : public Processor<K, V, K, V2> {
 public:
  explicit FlatMapValues(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override {
    const auto& values = call(f_, record.key, record.value);
    for (const V2& value : values) this->pass(record.with_value(value));
  }

 private:
  F f_;
};

}  // namespace levada::internal

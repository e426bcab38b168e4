// Makes any number of keys and values of each record.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F, class Pair = ElementOf<ResultOf<F, K, V>>>
class FlatMap final : public Processor<K, V, FirstOf<Pair>, SecondOf<Pair>> {
 public:
  explicit FlatMap(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override {
    for (const auto& [key, value] : call(f_, record.key, record.value)) this->pass(record.with(key, value));
  }

 private:
  F f_;
};

}  // namespace levada::internal

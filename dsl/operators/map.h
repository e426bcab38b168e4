// Makes another key and value of each record.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F, class Pair = ResultOf<F, K, V>>
class Map final : public Processor<K, V, FirstOf<Pair>, SecondOf<Pair>> {
 public:
  explicit Map(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override {
    const Pair mapped = call(f_, record.key, record.value);
    this->pass(record.with(mapped.first, mapped.second));
  }

 private:
  F f_;
};

}  // namespace levada::internal

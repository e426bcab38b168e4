// Gives each record another key; the value stays.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F, class K2 = ResultOf<F, K, V>>
class SelectKey final : public Processor<K, V, K2, V> {
 public:
  explicit SelectKey(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override {
    const K2& key = call(f_, record.key, record.value);
    this->pass(record.with_key(key));
  }

 private:
  F f_;
};

}  // namespace levada::internal

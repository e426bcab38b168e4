// Calls a function with each record on its way.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F>
class Peek final : public Processor<K, V, K, V> {
 public:
  explicit Peek(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override {
    static_cast<void>(call(f_, record.key, record.value));
    this->pass(record);
  }

 private:
  F f_;
};

}  // namespace levada::internal

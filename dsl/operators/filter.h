// Passes the records a predicate holds for, or with kWanted false, those it does not hold for.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F, bool kWanted>
class Filter final : public Processor<K, V, K, V> {
 public:
  explicit Filter(F holds) : holds_(std::move(holds)) {}

  void process(const Record<K, V>& record) override {
    if (static_cast<bool>(call(holds_, record.key, record.value)) == kWanted) this->pass(record);
  }

 private:
  F holds_;
};

}  // namespace levada::internal

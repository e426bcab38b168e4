// Calls a function with each record, which ends there.
#pragma once

#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>

namespace levada::internal {

template <class K, class V, class F>
class ForEach final : public Terminal<K, V> {
 public:
  explicit ForEach(F f) : f_(std::move(f)) {}

  void process(const Record<K, V>& record) override { static_cast<void>(call(f_, record.key, record.value)); }

 private:
  F f_;
};

}  // namespace levada::internal

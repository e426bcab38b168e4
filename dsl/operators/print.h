// Writes each record as a line of text.
#pragma once

#include <string>
#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/printed.h>

namespace levada::internal {

template <class K, class V>
class Print final : public Terminal<K, V> {
 public:
  explicit Print(Printed<K, V> options) : options_(std::move(options)) {}

  void process(const Record<K, V>& record) override {
    options_.write("[" + options_.label + "]: " + options_.text(record.key, record.value));
  }

 private:
  const Printed<K, V> options_;
};

}  // namespace levada::internal

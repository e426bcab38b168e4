// A processor that keeps each record's key, and therefore its partition: for KStream::process_values.
//
//   class Price final : public FixedKeyProcessor<std::string, Order, double> {
//    public:
//     void process_value(const Record& order) override { emit(order.value.amount); }
//   };
//
// emit(value) sends the value on with the key, time and headers of the record that is being processed; it may be called
// any number of times, within process_value only. emit(value, {.timestamp = …, .headers = &…, .child = "…"}) changes
// them, or sends it to one of the nodes below.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include <levada/core/processor.h>

namespace levada {

// How a value is sent on, where not as the record that is being processed.
struct EmitOptions {
  std::optional<Timestamp> timestamp = std::nullopt;
  const Headers* headers = nullptr;
  std::string_view child = {};  // the name of a node below; empty: all of them
};

template <class K, class VIn, class VOut>
class FixedKeyProcessor : public Processor<K, VIn, K, VOut> {
 public:
  using Record = levada::Record<K, VIn>;

  virtual void process_value(const Record& record) = 0;

  void process(const Record& record) final {
    current_ = &record;
    process_value(record);
  }

 protected:
  void emit(const VOut& value) { Emitting<K, VOut>::emit(current_->with_value(value)); }
  void emit(const VOut& value, Timestamp timestamp) { emit(value, EmitOptions{.timestamp = timestamp}); }
  void emit(const VOut& value, const EmitOptions& options) {
    const levada::Record<K, VOut> record(current_->key, value, options.timestamp.value_or(current_->timestamp),
                                         options.headers != nullptr ? *options.headers : current_->headers);
    if (options.child.empty()) return Emitting<K, VOut>::emit(record);
    Emitting<K, VOut>::emit(record, options.child);
  }

 private:
  const Record* current_ = nullptr;
};

namespace internal {

template <class P, class K>
concept IsFixedKeyProcessor = requires {
  typename P::KeyOut;
}
&&std::derived_from<P, FixedKeyProcessor<K, typename P::ValueIn, typename P::ValueOut>>;

}  // namespace internal
}  // namespace levada

// A processor that keeps each record's key, and therefore its partition: for KStream::process_values.
//
//   class Price final : public FixedKeyProcessor<std::string, Order, double> {
//    public:
//     void process_value(const Record& order) override { emit(order.value.amount); }
//   };
//
// emit(value) sends the value on with the key, time and headers of the record that is being processed; it may be called
// any number of times, within process_value only.
#pragma once

#include <concepts>

#include <levada/core/processor.h>

namespace levada {

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
  void emit(const VOut& value, Timestamp timestamp) {
    Emitting<K, VOut>::emit(current_->with_value(value).at(timestamp));
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

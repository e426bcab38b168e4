// expect: process_values<P>: P must derive from FixedKeyProcessor<K, V, VOut> of this
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  struct Free : levada::Processor<std::string, Order, std::string, Order> {
    void process(const Record&) override {}
  };
  orders.process_values<Free>();
#endif
}

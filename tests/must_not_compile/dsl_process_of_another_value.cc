// expect: process<P>: P must derive from Processor<K, V, KOut, VOut> of this
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  struct Other : levada::Processor<std::string, int, std::string, int> {
    void process(const Record&) override {}
  };
  orders.process<Other>();
#endif
}

// expect: split: each predicate needs bool(const V&) or bool(const K&, const V&)
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.split([](const Order&) { return true; }, [](const Order&) {});
#endif
}

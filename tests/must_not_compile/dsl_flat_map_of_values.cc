// expect: flat_map: needs a function of (const V&) or (const K&, const V&) that returns a range of pairs
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.flat_map([](const Order& order) { return order.customer; });
#endif
}

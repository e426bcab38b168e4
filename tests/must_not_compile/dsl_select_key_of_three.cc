// expect: select_key: needs a function of (const V&) or (const K&, const V&) that returns the new key
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.select_key([](const std::string&, const Order&, int) { return 1; });
#endif
}

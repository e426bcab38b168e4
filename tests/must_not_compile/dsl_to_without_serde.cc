// expect: Serde<T>: nothing says how T becomes bytes
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.to("orders");
#endif
}

// expect: to: needs the name of a topic, or std::string(const V&), std::string(const K&, const V&) or
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.map_values(&Order::amount).to([](const double& amount) { return amount; });
#endif
}

// expect: reduce: needs V(const V& so_far, const V& next)
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.map_values(&Order::amount).group_by_key().reduce([](std::string a, std::string) { return a; });
#endif
}

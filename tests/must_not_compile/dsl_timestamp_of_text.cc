// expect: timestamp: needs Timestamp(const V&), Timestamp(const K&, const V&) or
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  static_cast<void>(levada::TimestampExtractor<std::string, Order>([](const Order& order) { return order.customer; }));
#endif
}

// expect: partitioner: needs Partition(const K&, const V&, Partition count)
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  static_cast<void>(levada::Partitioner<std::string, Order>([](const Order&) { return 1; }));
#endif
}

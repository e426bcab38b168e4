// expect: aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&)
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.group_by_key()
      .windowed_by(levada::TimeWindows::of(std::chrono::hours(1)))
      .aggregate(0.0, [](double sum, const std::string&) { return sum; });
#endif
}

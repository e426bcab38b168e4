// expect: join: the keys of the two streams have different types
#include <cstdint>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& orders, const levada::KStream<std::int64_t, double>& payments) {
  static_cast<void>(orders);
  static_cast<void>(payments);
#ifdef MISUSE
  orders.join(
      payments, [](double order, double payment) { return order - payment; },
      levada::JoinWindows::of(std::chrono::hours(1)));
#endif
}

// expect: left_join gives it a std::optional<VO>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& orders, const levada::KStream<std::string, double>& payments) {
  static_cast<void>(orders);
  static_cast<void>(payments);
#ifdef MISUSE
  orders.left_join(
      payments, [](double order, double payment) { return order - payment; },
      levada::JoinWindows::of(std::chrono::hours(1)));
#endif
}

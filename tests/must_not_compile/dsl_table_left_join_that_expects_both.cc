// expect: left_join: needs a function of (const V&, const std::optional<VO>&)
#include <cstdint>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto orders = builder.table<std::string, double>("orders");
  const auto payments = builder.table<std::string, std::string>("payments");
  static_cast<void>(orders);
#ifdef MISUSE
  orders.left_join(payments, [](double, const std::string& payment) { return payment; });
#endif
}

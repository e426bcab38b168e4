// expect: join: both tables need keys of the same type; to join by another key, give the function that finds it in a
// row
#include <cstdint>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto orders = builder.table<std::string, double>("orders");
  const auto customers = builder.table<std::int64_t, std::string>("customers");
  static_cast<void>(orders);
#ifdef MISUSE
  orders.join(customers, [](double, const std::string& customer) { return customer; });
#endif
}

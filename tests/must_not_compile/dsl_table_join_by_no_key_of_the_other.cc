// expect: join: the function in front of the joiner needs (const V&) or (const K&, const V&), and must return a key of
// the other table
#include <cstdint>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto orders = builder.table<std::string, double>("orders");
  const auto customers = builder.table<std::int64_t, std::string>("customers");
  static_cast<void>(orders);
#ifdef MISUSE
  orders.join(
      customers, [](double) { return std::string("c-1"); },
      [](double, const std::string& customer) { return customer; });
#endif
}

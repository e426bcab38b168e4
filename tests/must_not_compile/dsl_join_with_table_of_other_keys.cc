// expect: join: the keys of the stream and the table have different types
#include <cstdint>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& orders, const levada::KTable<std::int64_t, double>& rates) {
  static_cast<void>(orders);
  static_cast<void>(rates);
#ifdef MISUSE
  orders.join(rates, [](double order, double rate) { return order * rate; });
#endif
}

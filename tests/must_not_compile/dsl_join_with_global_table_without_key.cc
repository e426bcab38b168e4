// expect: join: needs a function of (const V&) or (const K&, const V&) that returns the key of the global table
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& orders, const levada::GlobalKTable<std::string, double>& rates) {
  static_cast<void>(orders);
  static_cast<void>(rates);
#ifdef MISUSE
  orders.join(
      rates, [](double) { return 1; }, [](double order, double rate) { return order * rate; });
#endif
}

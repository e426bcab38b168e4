// expect: cogroup: say what the streams are aggregated to: cogroup<A>(aggregator)
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, std::string>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.group_by_key().cogroup([](auto so_far, const std::string&) { return so_far; });
#endif
}

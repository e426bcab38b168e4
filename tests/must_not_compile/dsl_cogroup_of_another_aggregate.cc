// expect: cogroup: needs A(A, const V&) or A(A, const K&, const V&), of the A that the first aggregator makes
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, std::string>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  const auto count = [](int so_far, const std::string&) { return so_far + 1; };
  const auto append = [](std::string so_far, const std::string& value) { return so_far + value; };
  orders.group_by_key().cogroup(count).cogroup(orders.group_by_key(), append);
#endif
}

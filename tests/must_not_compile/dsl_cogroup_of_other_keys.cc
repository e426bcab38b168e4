// expect: cogroup: both streams must be grouped by the same type of key
#include <cstdint>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, std::string>& orders,
         const levada::KStream<std::int64_t, std::string>& visits) {
  static_cast<void>(orders);
  static_cast<void>(visits);
#ifdef MISUSE
  const auto add = [](int count, const std::string&) { return count + 1; };
  orders.group_by_key().cogroup(add).cogroup(visits.group_by_key(), add);
#endif
}

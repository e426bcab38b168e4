// expect: left_join gives it a std::optional<VO>
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& orders, const levada::KTable<std::string, std::string>& names) {
  static_cast<void>(orders);
  static_cast<void>(names);
#ifdef MISUSE
  orders.left_join(names, [](double, const std::string& name) { return name; });
#endif
}

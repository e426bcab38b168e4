// expect: reduce: the adder and the subtractor need V(const V& so_far, const V&)
#include <functional>
#include <string>
#include <utility>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto by_text = builder.table<std::string, double>("amounts").group_by(
      [](double amount) { return std::pair(std::string("all"), amount); });
#ifdef MISUSE
  by_text.reduce(std::plus<double>(), [](double so_far, const std::string&) { return so_far; });
#endif
}

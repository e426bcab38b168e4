// expect: aggregate: needs an initial A, and an adder and a subtractor: A(A, const V&) or A(A, const K&, const V&)
#include <functional>
#include <string>
#include <utility>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto by_text = builder.table<std::string, double>("amounts").group_by(
      [](double amount) { return std::pair(std::string("all"), amount); });
#ifdef MISUSE
  by_text.aggregate(0.0, std::plus<double>(), std::string("sums"));
#endif
}

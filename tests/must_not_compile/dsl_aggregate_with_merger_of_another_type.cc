// expect: aggregate: the merger needs A(A, const A&)
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& amounts) {
  const auto add = [](double sum, double amount) { return sum + amount; };
  amounts.group_by_key().aggregate(0.0, add, add);
#ifdef MISUSE
  amounts.group_by_key().aggregate(0.0, add, [](const std::string& a, const std::string&) { return a; });
#endif
}

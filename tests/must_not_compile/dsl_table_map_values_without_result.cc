// expect: map_values: needs a function of (const V&) or (const K&, const V&) that returns the new value
#include <string>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto amounts = builder.table<std::string, double>("amounts");
#ifdef MISUSE
  amounts.map_values([](double) {});
#endif
}

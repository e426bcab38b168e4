// expect: group_by: needs a function of (const V&) or (const K&, const V&) that returns a pair: the new key and the
// value to aggregate
#include <string>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto customers = builder.table<std::string, std::string>("customers");
#ifdef MISUSE
  customers.group_by([](const std::string& customer) { return customer; });
#endif
}

// expect: filter: needs bool(const V&) or bool(const K&, const V&)
#include <string>

#include <levada/dsl/streams_builder.h>

void use(levada::StreamsBuilder& builder) {
  const auto amounts = builder.table<std::string, double>("amounts");
#ifdef MISUSE
  amounts.filter([](const std::string& text) { return text.empty(); });
#endif
}

// expect: add_global_store<S, P>: P must derive from Terminal<K, V>
#include <string>

#include <levada/dsl/topology_builder.h>
#include <levada/state/key_value_store.h>

struct Forward final : levada::Processor<std::string, double, std::string, double> {
  explicit Forward(const levada::StoreRef<levada::KeyValueStore<std::string, double>>&) {}
  void process(const Record& record) override { emit(record); }
};

void use(levada::TopologyBuilder& builder) {
  static_cast<void>(builder);
#ifdef MISUSE
  builder.add_global_store<levada::KeyValueStore<std::string, double>, Forward>(
      "rates", {.topic = "rate-topic", .source = "read", .processor = "keep"});
#endif
}

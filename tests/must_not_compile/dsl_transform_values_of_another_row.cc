// expect: transform_values<P>: P must derive from TableTransformer<K, V, VOut> of this table's K and V
#include <optional>
#include <string>

#include <levada/dsl/streams_builder.h>

class Rate final : public levada::TableTransformer<std::string, int, double> {
 public:
  double transform(const std::string&, const std::optional<int>& row) override { return row.value_or(0); }
};

void use(levada::StreamsBuilder& builder) {
  const auto orders = builder.table<std::string, std::string>("orders");
  static_cast<void>(orders);
#ifdef MISUSE
  orders.transform_values<Rate>();
#endif
}

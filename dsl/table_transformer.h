// Makes the rows of KTable::transform_values: an object of the user's that sees the rows of the table above, also that
// there is none.
//
//   class Rate final : public TableTransformer<std::string, Order, double> {
//    public:
//     Rate(Context& context, const StoreRef<Rates>& rates) : rates_(context.store(rates)) {}
//     double transform(const std::string& id, const std::optional<Order>& order) override { … }
//   };
//
// VOut is std::optional if rows can vanish. What it returns must follow from the key, the row and the stores: it is
// called for old and new rows, and by others that look rows up, with objects of their own.
#pragma once

#include <optional>
#include <variant>

#include <levada/core/context.h>
#include <levada/core/serde_traits.h>

namespace levada {

template <class K, class V, class VOut>
class TableTransformer {
 public:
  using ValueOut = VOut;
  using Context = levada::Context;

  virtual ~TableTransformer() = default;
  virtual VOut transform(const K& key, const std::optional<V>& row) = 0;
};

namespace internal {

template <class P>
struct TransformedValue {
  using Type = std::monostate;
};
template <class P>
requires requires { typename P::ValueOut; }
struct TransformedValue<P> {
  using Type = typename P::ValueOut;
};

template <class P>
using TransformedRow = Unwrapped<typename TransformedValue<P>::Type>;

}  // namespace internal
}  // namespace levada

// expect: aggregate: over sessions it needs a merger, A(A, const A&) or A(const K&, A, const A&)
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, std::string>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.group_by_key()
      .windowed_by(levada::SessionWindows::of(std::chrono::hours(1)))
      .aggregate(
          0, [](int count, const std::string&) { return count + 1; }, [](int count) { return count; });
#endif
}

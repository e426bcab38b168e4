// expect: join: the joiner needs a function of (const V&, const VO&) or (const K&, const V&, const VO&)
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, double>& orders, const levada::KStream<std::string, std::string>& notes) {
  static_cast<void>(orders);
  static_cast<void>(notes);
#ifdef MISUSE
  orders.join(
      notes, [](double order, double note) { return order + note; }, levada::JoinWindows::of(std::chrono::hours(1)));
#endif
}

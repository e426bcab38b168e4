// expect: windowed_by: needs TimeWindows, SlidingWindows, SessionWindows or UnlimitedWindows
#include <string>

#include <levada/dsl/streams_builder.h>

void use(const levada::KStream<std::string, std::string>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  orders.group_by_key().windowed_by(std::chrono::hours(1));
#endif
}

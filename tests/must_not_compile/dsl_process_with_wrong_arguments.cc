// expect: process<P>(args...): P needs a constructor P(Context&, args...) or P(args...) for these arguments
#include <string>

#include <levada/dsl/streams_builder.h>

struct Order {
  std::string customer;
  double amount = 0;
};

void use(const levada::KStream<std::string, Order>& orders) {
  static_cast<void>(orders);
#ifdef MISUSE
  struct NeedsNumber : levada::Processor<std::string, Order, std::string, Order> {
    explicit NeedsNumber(int) {}
    void process(const Record&) override {}
  };
  orders.process<NeedsNumber>(std::string("one"));
#endif
}

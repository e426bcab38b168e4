// The job *stateless* on Levada: JSON in, keep the payments, map to order id and amount, JSON out.

#include "bench/jobs/levada_run.h"

namespace {

struct Order {
  std::string type;
  std::string order_id;
  struct Data {
    double amount = 0;
    static constexpr auto json_fields() { return levada::json_fields("amount", &Data::amount); }
  } data;

  static constexpr auto json_fields() {
    return levada::json_fields("type", &Order::type, "orderId", &Order::order_id, "data", &Order::data);
  }
};

struct Payment {
  std::string order_id;
  double amount = 0;

  static constexpr auto json_fields() {
    return levada::json_fields("orderId", &Payment::order_id, "amount", &Payment::amount);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return bench::run_levada_job(argc, argv, "Job stateless on Levada.",
                               [](levada::StreamsBuilder& builder, const bench::LevadaJob& job) {
                                 builder.stream<std::string, Order>(job.input)
                                     .filter([](const Order& order) { return order.type == "PaymentProcessed"; })
                                     .map_values([](const Order& order) {
                                       return Payment{order.order_id, order.data.amount};
                                     })
                                     .to(job.output);
                               });
}

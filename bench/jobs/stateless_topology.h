// The job *stateless* as a topology: JSON in, keep the payments, map to order id and amount, JSON out.
#pragma once

#include <string>

#include <levada/core/json.h>
#include <levada/dsl/streams_builder.h>

namespace bench {

struct OrderEvent {
  std::string type;
  std::string order_id;
  struct Data {
    double amount = 0;
    static constexpr auto json_fields() { return levada::json_fields("amount", &Data::amount); }
  } data;

  static constexpr auto json_fields() {
    return levada::json_fields("type", &OrderEvent::type, "orderId", &OrderEvent::order_id, "data", &OrderEvent::data);
  }
};

struct Payment {
  std::string order_id;
  double amount = 0;

  static constexpr auto json_fields() {
    return levada::json_fields("orderId", &Payment::order_id, "amount", &Payment::amount);
  }
};

inline void add_stateless(levada::StreamsBuilder& builder, const std::string& input, const std::string& output) {
  builder.stream<std::string, OrderEvent>(input)
      .filter([](const OrderEvent& order) { return order.type == "PaymentProcessed"; })
      .map_values([](const OrderEvent& order) {
        return Payment{order.order_id, order.data.amount};
      })
      .to(output);
}

}  // namespace bench

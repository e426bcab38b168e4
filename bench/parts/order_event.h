// The order event the micro benchmarks work on: as the article's services write it, about 210 bytes.
#pragma once

#include <string>
#include <string_view>

#include <levada/core/json.h>

namespace bench {

struct Order {
  std::string type;
  std::string order_id;
  struct Data {
    double amount = 0;
    static constexpr auto json_fields() { return levada::json_fields("amount", &Data::amount); }
  } data;
  std::string timestamp;

  static constexpr auto json_fields() {
    return levada::json_fields("type", &Order::type, "orderId", &Order::order_id, "data", &Order::data, "timestamp",
                               &Order::timestamp);
  }
};

inline constexpr std::string_view kOrderEvent =
    R"({"type":"PaymentProcessed","orderId":"order-00012345",)"
    R"("data":{"amount":432.30,"unit":"EUR","customer":"customer-0054321"},)"
    R"("timestamp":"2026-01-01T00:00:00.777Z","eventId":"0f5d1c5e-7d5d-4f6e-a1b2-0123456789ab"})";

}  // namespace bench

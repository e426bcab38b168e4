// The order events that all these programs speak of: what they look like, and how they read and write them as JSON.
//
//   {"type":"PaymentProcessed","orderId":"order-7","data":{"amount":99.9},"timestamp":"2026-01-01T00:00:07.000Z",
//    "eventId":"6f1b2c9e-4f6d-4b7a-9a53-3f2d5c1e8a90"}
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <levada/core/errors.h>
#include <levada/core/json.h>
#include <levada/core/serde.h>

namespace examples {

inline constexpr std::string_view kOrderCreated = "OrderCreated";
inline constexpr std::string_view kPaymentProcessed = "PaymentProcessed";
inline constexpr std::string_view kOrderShipped = "OrderShipped";

struct OrderEvent {
  std::string type;
  std::string order_id;
  struct Data {
    std::optional<double> amount;
    static constexpr auto json_fields() { return levada::json_fields("amount", &Data::amount); }
  } data;
  levada::Timestamp timestamp;
  std::optional<levada::Uuid> event_id;

  static constexpr auto json_fields() {
    return levada::json_fields("type", &OrderEvent::type, "orderId", &OrderEvent::order_id,
                               levada::optional_field("data", &OrderEvent::data), "timestamp", &OrderEvent::timestamp,
                               "eventId", &OrderEvent::event_id);
  }
};

// A payment must say how much was paid. Throws SerdeError.
template <class Event>
void check_amount(const Event& event) {
  if (event.type == kPaymentProcessed && !event.data.amount) throw levada::SerdeError("data.amount: missing");
}

// Throws SerdeError for what is no order event.
inline OrderEvent read_order_event(levada::BytesView text) {
  OrderEvent event = levada::from_json<OrderEvent>(text);
  check_amount(event);
  return event;
}

inline levada::Serde<OrderEvent> order_event_serde() {
  return levada::Serde<OrderEvent>([](const OrderEvent& event, levada::Bytes& out) { levada::append_json(event, out); },
                                   [](levada::BytesView in) { return read_order_event(in); });
}

// The hour a point in time belongs to: "2026-01-01T00".
inline std::string hour_text(levada::Timestamp time) { return levada::format_iso8601(time).substr(0, 13); }

}  // namespace examples

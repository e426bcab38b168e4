// Orders created per hour and revenue per hour, by the time at which the events happened. Out comes the hour, such as
// 2026-01-01T00, with the number as JSON.
//
//   levada::StreamsBuilder builder;
//   examples::add_order_analytics(builder, {.input = "order-events", .grace = 10min});
#pragma once

#include <string>

#include <levada/levada.h>

namespace examples {

struct OrderAnalytics {
  std::string input = "order-events";
  std::string counts = "order-analytics";
  std::string revenue = "revenue-analytics";
  levada::Duration grace = std::chrono::hours(24);
  bool combining = false;  // what is repartitioned are not the events but their partial counts and sums
};

void add_order_analytics(levada::StreamsBuilder& builder, const OrderAnalytics& options);

}  // namespace examples

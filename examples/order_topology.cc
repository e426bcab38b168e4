#include "examples/order_topology.h"

#include <functional>
#include <string_view>

#include "examples/orders.h"

namespace examples {

namespace {

// What the analytics need of an event. What is not named here is skipped, not parsed.
struct OrderFact {
  std::string type;
  OrderEvent::Data data;
  levada::Timestamp timestamp;

  static constexpr auto json_fields() {
    return levada::json_fields("type", &OrderFact::type, levada::optional_field("data", &OrderFact::data), "timestamp",
                               &OrderFact::timestamp);
  }
};

levada::Serde<OrderFact> order_fact_serde() {
  return levada::Serde<OrderFact>([](const OrderFact& fact, levada::Bytes& out) { levada::append_json(fact, out); },
                                  [](levada::BytesView in, OrderFact& fact) {
                                    levada::from_json(in, fact);
                                    check_amount(fact);
                                  });
}

auto is_of_type(std::string_view type) {
  return [type](const OrderFact& event) { return event.type == type; };
}

// A table of hours, as a stream from the text of the hour to the number.
template <class Number>
auto by_hour(const levada::KTable<levada::Windowed<std::string>, Number>& table) {
  return table.to_stream(
      [](const levada::Windowed<std::string>& type, const Number&) { return hour_text(type.window.start); });
}

}  // namespace

void add_order_analytics(levada::StreamsBuilder& builder, const OrderAnalytics& options) {
  const auto hours = levada::TimeWindows::of(std::chrono::hours(1), {.grace = options.grace});
  const auto facts = order_fact_serde();
  const auto events =
      builder.stream<std::string, OrderFact>(options.input, {.value = facts, .timestamp = &OrderFact::timestamp});
  const auto [created, paid, other] = events.split(is_of_type(kOrderCreated), is_of_type(kPaymentProcessed));

  by_hour(
      created.group_by(&OrderFact::type, {.name = "created-by-type", .value = facts, .combining = options.combining})
          .windowed_by(hours)
          .count({.store = "order-counts-store"}))
      .to(options.counts, {.value = levada::json_serde<std::int64_t>()});

  by_hour(paid.group_by(&OrderFact::type, {.name = "paid-by-type", .value = facts, .combining = options.combining})
              .windowed_by(hours)
              .aggregate(0.0, [](double sum, const OrderFact& payment) { return sum + *payment.data.amount; },
                         std::plus<>(), {.store = "revenue-store"}))
      .to(options.revenue, {.value = levada::json_serde<double>()});
}

}  // namespace examples

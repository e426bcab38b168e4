// Made-up order events: the same ones for the same options, on every machine. Three events make an order: created,
// paid, shipped.
//
//   OrderGenerator generator({.seed = 7});
//   const GeneratedEvent event = generator.next();
//   producer.send({…, .key = event.key, .value = event.value, .headers = &event.headers});
//   std::cout << generator.totals()…                       // what analytics must find
//
// Late events happened up to half an hour before their turn. Broken ones are no order events: cut off, or without a
// part that is needed. They count as broken and nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <string>

#include <fmt/format.h>

#include <levada/core/headers.h>

#include "examples/orders.h"

namespace examples {

// What was produced, by hour of event time.
struct OrderTotals {
  std::uint64_t events = 0;  // all of them
  std::uint64_t late = 0;
  std::uint64_t broken = 0;
  std::map<std::string, std::int64_t> created = {};
  std::map<std::string, double> revenue = {};

  void add(const OrderEvent& event) {
    const std::string hour = hour_text(event.timestamp);
    if (event.type == kOrderCreated) ++created[hour];
    if (event.type == kPaymentProcessed) revenue[hour] += *event.data.amount;
  }

  static constexpr auto json_fields() {
    return levada::json_fields("events", &OrderTotals::events, "late", &OrderTotals::late, "broken",
                               &OrderTotals::broken, "created", &OrderTotals::created, "revenue",
                               &OrderTotals::revenue);
  }
};

// Sums of doubles depend on the order of the summands: a hundredth of a cent is no difference.
inline bool same_totals(const OrderTotals& a, const OrderTotals& b) {
  const auto same_sum = [](const auto& one, const auto& other) {
    return one.first == other.first && std::abs(one.second - other.second) < 1e-4;
  };
  return a.created == b.created && std::ranges::equal(a.revenue, b.revenue, same_sum);
}

struct GeneratorOptions {
  std::uint64_t seed = 1;
  levada::Timestamp start = levada::Timestamp(std::chrono::milliseconds(1'767'225'600'000));  // 2026-01-01
  levada::Duration step = std::chrono::seconds(1);  // of event time, between two events
  double late_share = 0;
  double broken_share = 0;
};

struct GeneratedEvent {
  std::string key = {};
  std::string value = {};
  levada::Headers headers = {};
};

inline levada::Headers headers_of(const std::string& type, const levada::Uuid& correlation) {
  return {{"correlation-id", correlation.to_string()}, {"event-type", type}};
}

class OrderGenerator {
 public:
  explicit OrderGenerator(const GeneratorOptions& options) : options_(options), random_(options.seed) {}

  GeneratedEvent next() {
    const OrderEvent event = make_event();
    const bool broken = chance(options_.broken_share);
    GeneratedEvent out = {event.order_id, levada::to_json(event), headers_of(event.type, levada::random_uuid(random_))};
    if (broken) {
      ++totals_.broken;
      out.value = broken_value(event);
    } else {
      totals_.add(event);
    }
    ++totals_.events;
    return out;
  }

  const OrderTotals& totals() const { return totals_; }

 private:
  OrderEvent make_event() {
    static constexpr std::array kTypes = {kOrderCreated, kPaymentProcessed, kOrderShipped};
    const std::uint64_t position = totals_.events;
    OrderEvent event = {.type = std::string(kTypes[position % 3]),
                        .order_id = fmt::format("order-{:08}", position / 3),
                        .data = {.amount = static_cast<double>(100 + random_() % 99'900) / 100},
                        .timestamp = options_.start + static_cast<std::int64_t>(position) * options_.step,
                        .event_id = levada::random_uuid(random_)};
    if (chance(options_.late_share)) {
      const std::chrono::minutes late_by(1 + random_() % 30);
      event.timestamp = std::max(options_.start, event.timestamp - late_by);
      ++totals_.late;
    }
    return event;
  }

  std::string broken_value(const OrderEvent& event) {
    const std::string whole = levada::to_json(event);
    switch (totals_.broken % 3) {
      case 0:
        return whole.substr(0, whole.size() / 2);
      case 1:
        return fmt::format(R"({{"type":"{}","orderId":"{}"}})", event.type, event.order_id);
      default:
        return fmt::format(R"({{"orderId":"{}","timestamp":"yesterday"}})", event.order_id);
    }
  }

  bool chance(double share) {
    return static_cast<double>(random_() >> 11) < share * static_cast<double>(std::uint64_t{1} << 53);
  }

  GeneratorOptions options_;
  std::mt19937_64 random_;
  OrderTotals totals_ = {};
};

}  // namespace examples

#include "bench/support/order_events.h"

#include <array>
#include <iterator>
#include <string_view>

#include <fmt/core.h>

namespace bench {
namespace {

constexpr std::int64_t kStartMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z
constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
constexpr std::int64_t kSpanMs = 3 * kDayMs;
constexpr std::int64_t kCustomers = 100'000;
constexpr std::array<std::string_view, 3> kTypes = {"OrderCreated", "PaymentProcessed", "OrderShipped"};

}  // namespace

bool OrderEvents::next(Event& event) {
  if (position_ == options_.count) return false;
  const std::int64_t customer = draw(options_.keys > 0 ? options_.keys : kCustomers);
  const std::int64_t elapsed =
      kSpanMs / options_.count * position_ + kSpanMs % options_.count * position_ / options_.count;
  event.type = kTypes[static_cast<std::size_t>(position_ % 3)];
  event.order_id = fmt::format("order-{:08}", position_ / 3);
  event.key = options_.keys > 0 ? fmt::format("customer-{:07}", customer) : event.order_id;
  event.hour = fmt::format("2026-01-{:02}T{:02}", 1 + elapsed / kDayMs, elapsed / kHourMs % 24);
  event.cents = 100 + draw(99'900);
  event.timestamp_ms = kStartMs + elapsed;
  write_value(event, customer);
  ++position_;
  return true;
}

void OrderEvents::write_value(Event& event, std::int64_t customer) {
  const std::int64_t in_hour = event.timestamp_ms % kHourMs;
  const std::uint64_t high = random_();
  const std::uint64_t low = random_();
  event.value.clear();
  const auto out = std::back_inserter(event.value);
  fmt::format_to(out, R"({{"type":"{}","orderId":"{}",)", event.type, event.order_id);
  fmt::format_to(out, R"("data":{{"amount":{}.{:02},"unit":"EUR","customer":"customer-{:07}"}},)", event.cents / 100,
                 event.cents % 100, customer);
  fmt::format_to(out, R"("timestamp":"{}:{:02}:{:02}.{:03}Z",)", event.hour, in_hour / 60'000, in_hour / 1'000 % 60,
                 in_hour % 1'000);
  fmt::format_to(out, R"("eventId":"{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}"}})", high >> 32, high >> 16 & 0xffff,
                 high & 0xfff, low >> 52, low & 0xffff'ffff'ffff);
}

}  // namespace bench

#include "bench/support/order_events.h"

#include <algorithm>
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
constexpr std::int64_t kRepeatEvery = 64;
constexpr std::int64_t kRecently = 1'000;          // records; half of the repeated keys are no older
constexpr std::int64_t kScramble = 2'654'435'761;  // a prime, so that its multiples visit every customer once
constexpr std::array<std::string_view, 3> kTypes = {"OrderCreated", "PaymentProcessed", "OrderShipped"};

}  // namespace

bool OrderEvents::next(Event& event) {
  if (position_ == options_.count) return false;
  const std::int64_t customer = draw_customer();
  const std::int64_t elapsed =
      kSpanMs / options_.count * position_ + kSpanMs % options_.count * position_ / options_.count;
  event.type = kTypes[static_cast<std::size_t>(position_ % 3)];
  event.order_id = fmt::format("order-{:08}", position_ / 3);
  const bool by_customer = options_.keys > 0 || options_.unique;
  event.key = by_customer ? fmt::format("customer-{:07}", customer) : event.order_id;
  event.hour = fmt::format("2026-01-{:02}T{:02}", 1 + elapsed / kDayMs, elapsed / kHourMs % 24);
  event.cents = 100 + draw(99'900);
  event.timestamp_ms = kStartMs + elapsed;
  write_value(event, customer);
  ++position_;
  return true;
}

std::int64_t OrderEvents::draw_customer() {
  if (options_.unique) return unique_customer();
  return draw(options_.keys > 0 ? options_.keys : kCustomers);
}

// Repeated keys make a count that never looks for what it had before come out wrong.
std::int64_t OrderEvents::unique_customer() {
  std::int64_t place = position_;
  if (position_ % kRepeatEvery == kRepeatEvery - 1) {
    const bool recent = position_ % (2 * kRepeatEvery) < kRepeatEvery;
    place -= 1 + draw(recent ? std::min(position_, kRecently) : position_);
  }
  return place * kScramble % options_.count;
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
  if (options_.value_bytes > 0) event.value.resize(options_.value_bytes, ' ');
}

}  // namespace bench

// The made-up order events of the benchmarks: the same ones for the same options, on every machine.
//
//   OrderEvents events({.count = 1'000'000, .keys = 0});
//   for (OrderEvents::Event event; events.next(event);) producer.send(topic, {event.key, event.value,
//   event.timestamp_ms});
//
// Order n is created, paid and shipped by the events 3n, 3n+1 and 3n+2; event time runs evenly over three days.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace bench {

struct EventOptions {
  std::int64_t count = 1'000'000;
  std::int64_t keys = 0;  // 0: the key is the order id; else one of so many customers, at random
  bool unique = false;    // each key is a customer of its own, in no order, but one record of 64 repeats an earlier key
  std::size_t value_bytes = 0;  // values are filled up to this size; 0: as they are
  std::uint64_t seed = 1;
};

class OrderEvents {
 public:
  struct Event {
    std::string key;
    std::string value;
    std::string order_id;
    std::string hour;  // "2026-01-01T00"
    std::string_view type;
    std::int64_t cents = 0;
    std::int64_t timestamp_ms = 0;
  };

  explicit OrderEvents(const EventOptions& options) : options_(options), random_(options.seed) {}

  bool next(Event& event);

 private:
  std::int64_t draw(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  std::int64_t draw_customer();
  std::int64_t unique_customer();
  void write_value(Event& event, std::int64_t customer);

  EventOptions options_;
  std::mt19937_64 random_;
  std::int64_t position_ = 0;
};

}  // namespace bench

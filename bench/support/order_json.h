// The fields the hand-written loops need of an order event, read on demand with simdjson.
//
//   OrderJson order;
//   order.open(message.value);
//   if (order.type() == "OrderCreated") ++count[order.hour()];
//
// Ask in the order of the members below: it is the order of the JSON. A missing field or a wrong type throws.
// Views live until the next open().
#pragma once

#include <string>
#include <string_view>

#include <simdjson.h>

namespace bench {

class OrderJson {
 public:
  void open(std::string_view json);

  std::string_view type();
  std::string_view order_id();
  double amount();
  std::string_view hour();  // "2026-01-01T00", the start of its timestamp

 private:
  std::string padded_;  // simdjson reads a little past the end
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
};

}  // namespace bench

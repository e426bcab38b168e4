// expect: json_fields: pass a name and a member in turn, such as "id", &Order::id
#include <string>

#include <levada/core/json.h>

struct Order {
  std::string id;
  double amount = 0;
#ifdef MISUSE
  static constexpr auto json_fields() { return levada::json_fields(&Order::id, &Order::amount); }
#else
  static constexpr auto json_fields() { return levada::json_fields("id", &Order::id, "amount", &Order::amount); }
#endif
};

levada::Serde<Order> serde;

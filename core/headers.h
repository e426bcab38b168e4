// What a Kafka record carries beside key and value: an ordered list of names with bytes; a name may occur twice.
//
//   Headers headers = {{"correlation-id", "c-1"}, {"event-type", "OrderCreated"}};
//   for (const Header& header : record.headers) forward(header);
#pragma once

#include <string>
#include <vector>

#include <levada/core/bytes.h>

namespace levada {

struct Header {
  std::string key;
  NullableBytes value;

  bool operator==(const Header&) const = default;
};

using Headers = std::vector<Header>;

// The empty list, for records that carry none; lives as long as the program.
inline const Headers& no_headers() {
  static const Headers none;
  return none;
}

}  // namespace levada

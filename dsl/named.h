// The name of an operator, where nothing else about it can be chosen.
//
//   orders.filter(is_large, {.name = "large-orders"});
#pragma once

#include <string>

namespace levada {

struct Named {
  std::string name = {};  // empty: generated
};

}  // namespace levada

// expect: JSON: nothing says how T becomes JSON; name its members in T::json_fields(), or specialise
#include <string>
#include <vector>

#include <levada/core/json.h>

struct Point {
  int x = 0;
};

std::string known() { return levada::to_json(std::vector<int>{1, 2}); }
#ifdef MISUSE
std::string unknown() { return levada::to_json(std::vector<Point>(1)); }
#endif

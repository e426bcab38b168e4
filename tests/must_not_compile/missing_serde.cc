// expect: Serde<T>: nothing says how T becomes bytes; specialise levada::SerdeTraits<T>, name T's members
#include <string>

#include <levada/core/serde.h>

struct Point {
  int x = 0;
};

levada::Serde<std::string> known;
#ifdef MISUSE
levada::Serde<Point> unknown;
#endif

// Has memory in the processor's caches some time before it is read or written.
//
//   prefetch(&places[at]);
//   prefetch_object(entry);                 // all of it
//
// Not the builtin itself: GCC takes a function that does nothing but prefetch for one without any effect, and drops the
// calls of it. An empty assembler statement is an effect.
#pragma once

#include <cstddef>

namespace levada::internal {

inline void prefetch(const void* address) {
  asm volatile("" : : "r"(address));
  __builtin_prefetch(address);
}

template <class T>
void prefetch_object(const T& object) {
  constexpr std::size_t kCacheLine = 64;
  const char* const bytes = reinterpret_cast<const char*>(&object);
  for (std::size_t at = 0; at < sizeof(T); at += kCacheLine) prefetch(bytes + at);
}

}  // namespace levada::internal

// Has memory in the processor's caches some time before it is read or written.
//
//   prefetch(&places[at]);
//
// Not the builtin itself: GCC takes a function that does nothing but prefetch for one without any effect, and drops the
// calls of it. An empty assembler statement is an effect.
#pragma once

namespace levada::internal {

inline void prefetch(const void* address) {
  asm volatile("" : : "r"(address));
  __builtin_prefetch(address);
}

}  // namespace levada::internal

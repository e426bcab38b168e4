// Runs one function on several threads and waits for all of them.
//
//   run_workers(options.threads, [&](std::size_t worker) { ... });   // throws what the first failing worker threw
#pragma once

#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace bench {

template <typename Body>
void run_workers(std::size_t count, const Body& body) {
  std::vector<std::exception_ptr> failures(count);
  {
    std::vector<std::jthread> threads;
    for (std::size_t worker = 0; worker < count; ++worker) {
      threads.emplace_back([&body, &failures, worker] {
        try {
          body(worker);
        } catch (...) {
          failures[worker] = std::current_exception();
        }
      });
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace bench

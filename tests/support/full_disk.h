// No file of this process may grow beyond a size, as on a disk without space, while one of these lives.
//
//   { const FullDisk full(64 << 10); EXPECT_FALSE(state->commit(…).ok()); }
#pragma once

#include <signal.h>
#include <sys/resource.h>

namespace levada::testing {

class FullDisk {
 public:
  explicit FullDisk(rlim_t largest_file) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{largest_file, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_ = {};
  void (*handler_)(int) = nullptr;
};

}  // namespace levada::testing

// A program of the build that runs beside the test, and may be asked to stop, or be killed.
//
//   ChildProgram analytics("order_analytics", {"--input", "orders", "--stop-at-end"});
//   analytics.kill();
//   EXPECT_EQ(ChildProgram("order_producer", arguments).wait(), 0);
//
// Its stdout goes to a file that last_line() reads, its stderr to the test's. Destruction kills it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace levada::testing {

class ChildProgram {
 public:
  ChildProgram(const std::string& program, const std::vector<std::string>& arguments);
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  int wait();        // its exit code; 128 + signal if one ended it
  void kill();       // SIGKILL, and waits
  void terminate();  // SIGTERM
  void freeze();     // SIGSTOP: it keeps what it has and does nothing

  bool has_ended() const;  // and can be waited for

  pid_t id() const { return process_; }
  std::string last_line() const;

 private:
  pid_t process_ = -1;
  std::filesystem::path output_ = {};
};

}  // namespace levada::testing

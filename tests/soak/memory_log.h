// What processes take of the memory, once a second, as lines "second,name,resident KiB" of a file.
//
//   MemoryLog log("memory.csv");
//   log.watch("instance 1", process);           // from now on; one of the same name is watched no longer
//
// Written by a thread of its own. Without a file it does nothing.
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include <sys/types.h>

namespace levada::testing {

class MemoryLog {
 public:
  explicit MemoryLog(const std::filesystem::path& file);

  void watch(const std::string& name, pid_t process);

 private:
  void run(const std::stop_token& stop);
  void write(long second);

  std::ofstream out_;
  std::mutex mutex_ = {};
  std::map<std::string, pid_t> processes_ = {};  // guarded by mutex_
  std::jthread thread_ = {};                     // the first to go
};

}  // namespace levada::testing

#include "tests/soak/memory_log.h"

#include <chrono>
#include <condition_variable>
#include <optional>

#include <fmt/format.h>

namespace levada::testing {
namespace {

// None of a process that has ended.
std::optional<long> resident_kib(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(line.find_first_of("0123456789")));
  }
  return std::nullopt;
}

}  // namespace

MemoryLog::MemoryLog(const std::filesystem::path& file) {
  if (file.empty()) return;
  out_.open(file);
  out_ << "second,name,resident_kib\n";
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void MemoryLog::watch(const std::string& name, pid_t process) {
  const std::lock_guard lock(mutex_);
  processes_[name] = process;
}

void MemoryLog::run(const std::stop_token& stop) {
  const auto start = std::chrono::steady_clock::now();
  std::condition_variable_any stopped;
  for (long second = 0; !stop.stop_requested(); ++second) {
    std::unique_lock lock(mutex_);
    write(second);
    stopped.wait_until(lock, stop, start + std::chrono::seconds(second + 1), [] { return false; });
  }
}

void MemoryLog::write(long second) {
  for (const auto& [name, process] : processes_) {
    if (const std::optional<long> resident = resident_kib(process)) {
      out_ << fmt::format("{},{},{}\n", second, name, *resident);
    }
  }
  out_.flush();
}

}  // namespace levada::testing

#include "bench/support/measurement.h"

#include <algorithm>
#include <fstream>
#include <string>

#include <fmt/core.h>
#include <time.h>

namespace bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double peak_rss_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

Moment earlier(const Moment& a, const Moment& b) { return b.wall < a.wall ? b : a; }
Moment later(const Moment& a, const Moment& b) { return b.wall > a.wall ? b : a; }

}  // namespace

Moment Moment::now() { return {seconds_of(CLOCK_MONOTONIC), seconds_of(CLOCK_PROCESS_CPUTIME_ID)}; }

void Measurement::start() {
  begun_ = true;
  first_ = Moment::now();
}

void Measurement::processed(std::int64_t inputs) {
  inputs_ += inputs;
  last_ = Moment::now();
}

void Measurement::committed() { committed_ = Moment::now(); }

Measurement merge(const std::vector<Measurement>& workers) {
  Measurement run;
  for (const Measurement& worker : workers) {
    run.committed_ = later(run.committed_, worker.committed_);
    if (!worker.begun_) continue;
    run.first_ = run.begun_ ? earlier(run.first_, worker.first_) : worker.first_;
    run.last_ = later(run.last_, worker.last_);
    run.inputs_ += worker.inputs_;
    run.begun_ = true;
  }
  return run;
}

void print_report(const Measurement& run) {
  fmt::print(
      "{{\"records\":{},\"wall_s\":{:.4f},\"cpu_s\":{:.4f},\"committed_wall_s\":{:.4f},\"committed_cpu_s\":{:.4f},"
      "\"peak_rss_mb\":{:.1f}}}\n",
      run.inputs_, run.last_.wall - run.first_.wall, run.last_.cpu - run.first_.cpu,
      run.committed_.wall - run.first_.wall, run.committed_.cpu - run.first_.cpu, peak_rss_mb());
}

}  // namespace bench

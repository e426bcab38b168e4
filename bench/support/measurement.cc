#include "bench/support/measurement.h"

#include <algorithm>
#include <fstream>
#include <optional>
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

Report report_of(const std::vector<Measurement>& workers) {
  Report report;
  std::optional<Moment> first;
  Moment last;
  Moment committed;
  for (const Measurement& worker : workers) {
    committed = later(committed, worker.committed_);
    if (!worker.begun_) continue;
    first = first ? earlier(*first, worker.first_) : worker.first_;
    last = later(last, worker.last_);
    report.records += worker.inputs_;
  }
  if (!first) return report;
  report.wall_s = last.wall - first->wall;
  report.cpu_s = last.cpu - first->cpu;
  report.committed_cpu_s = committed.cpu - first->cpu;
  return report;
}

void print(const Report& report) {
  fmt::print(
      "{{\"records\":{},\"wall_s\":{:.4f},\"cpu_s\":{:.4f},\"committed_cpu_s\":{:.4f},\"peak_rss_mb\":{:.1f},"
      "\"restored\":{},\"restore_s\":{:.4f},\"restore_cpu_s\":{:.4f}}}\n",
      report.records, report.wall_s, report.cpu_s, report.committed_cpu_s, peak_rss_mb(), report.restored.records,
      report.restored.wall_s, report.restored.cpu_s);
}

}  // namespace bench

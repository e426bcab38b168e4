// A table that stands still in a terminal and changes in place; where stdout is no terminal, plain lines now and then.
//
//   LiveTable table;
//   table.show({.totals = results.totals(), .produced = 1200, …});
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "examples/order_generator.h"

namespace examples {

struct DemoStatus {
  double elapsed_s = 0;
  std::uint64_t produced = 0;
  std::uint64_t processed = 0;
  std::uint64_t lag = 0;
  std::uint64_t late = 0;          // produced after their turn
  std::uint64_t late_dropped = 0;  // too late for the grace
  std::uint64_t broken_dropped = 0;
};

class LiveTable {
 public:
  void show(const DemoStatus& status, const OrderTotals& results) {
    const double since = status.elapsed_s - last_.elapsed_s;
    if (!terminal_ && since < 1) return;
    const std::string summary = summary_of(status, since);
    last_ = status;
    if (terminal_) {
      redraw(hours_of(results) + summary);
    } else {
      std::fputs(summary.c_str(), stdout);
    }
    std::fflush(stdout);
  }

  static std::string hours_of(const OrderTotals& results) {
    std::string text = fmt::format("{:<15}{:>12}{:>18}\n", "hour", "orders", "revenue");
    for (const auto& [hour, created] : results.created) {
      const auto revenue = results.revenue.find(hour);
      text += fmt::format("{:<15}{:>12}{:>18.2f}\n", hour, created,
                          revenue == results.revenue.end() ? 0.0 : revenue->second);
    }
    return text;
  }

 private:
  std::string summary_of(const DemoStatus& status, double since) const {
    const auto rate = [since](std::uint64_t now, std::uint64_t before) {
      return since > 0 ? static_cast<double>(now - before) / since : 0.0;
    };
    return fmt::format(
        "{:5.1f} s  produced {} ({:.0f}/s)  processed {} ({:.0f}/s)  lag {}  late {} (dropped {})  broken, dropped "
        "{}\n",
        status.elapsed_s, status.produced, rate(status.produced, last_.produced), status.processed,
        rate(status.processed, last_.processed), status.lag, status.late, status.late_dropped, status.broken_dropped);
  }

  void redraw(const std::string& text) {
    if (lines_ > 0) fmt::print("\x1b[{}A\x1b[J", lines_);
    std::fputs(text.c_str(), stdout);
    lines_ = static_cast<int>(std::ranges::count(text, '\n'));
  }

  bool terminal_ = isatty(STDOUT_FILENO) == 1;
  int lines_ = 0;
  DemoStatus last_ = {};
};

}  // namespace examples

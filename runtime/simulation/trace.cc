#include <fmt/format.h>
#include <fmt/ranges.h>

#include <levada/core/log_text.h>
#include <levada/runtime/simulation/trace.h>

namespace levada::internal {
namespace {

constexpr std::size_t kLines = 60;
constexpr std::uint64_t kPrime = 0x100000001b3;

}  // namespace

void SimulationTrace::step(std::string_view who, std::string_view what) {
  add_to_fingerprint(fmt::format("{} {} {}", clock_.now().time_since_epoch().count(), who, what));
  remark(who, what);
}

void SimulationTrace::request(std::string_view who, std::string_view what, std::string_view about) {
  add_to_fingerprint(who);
  add_to_fingerprint(what);
  add_to_fingerprint(about);
}

void SimulationTrace::remark(std::string_view who, std::string_view what) {
  const std::chrono::duration<double> passed = clock_.steady_now() - start_;
  lines_.push_back(fmt::format("  {:8.3f} s  {}: {}", passed.count(), who, what));
  if (lines_.size() > kLines) lines_.pop_front();
}

std::string SimulationTrace::last_steps() const { return fmt::format("{}", fmt::join(lines_, "\n")); }

void SimulationTrace::add_to_fingerprint(std::string_view text) {
  for (const char c : text) fingerprint_ = (fingerprint_ ^ static_cast<unsigned char>(c)) * kPrime;
  fingerprint_ *= kPrime;  // where one text ends
}

void SimulationLog::write(const LogEvent& event) {
  std::string line;
  append_log_text(event, line);
  trace_.remark(who_, line);
}

}  // namespace levada::internal

#include "bench/support/job_options.h"

#include <cstdio>
#include <exception>
#include <stdexcept>

#include <fmt/core.h>

namespace bench {

void add_options(CLI::App& app, JobOptions& options) {
  app.add_option("--bootstrap-servers", options.bootstrap_servers, "Kafka to connect to")->capture_default_str();
  app.add_option("--application-id", options.application_id, "consumer group, and prefix of topics")->required();
  app.add_option("--input", options.input, "topic to read up to where it ends now")->required();
  app.add_option("--state-dir", options.state_dir, "where the state is kept on disk")->required();
  app.add_option("--threads", options.threads)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--commit-interval-ms", options.commit_interval_ms)->capture_default_str();
  app.add_option("--set", options.settings, "key=value, may be repeated")->allow_extra_args(false);
}

std::map<std::string, std::string> settings_for(const JobOptions& options, const std::string& prefix) {
  std::map<std::string, std::string> found;
  for (const std::string& setting : options.settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) throw std::runtime_error(fmt::format("--set {}: expected key=value", setting));
    if (setting.starts_with(prefix)) {
      found[setting.substr(prefix.size(), equals - prefix.size())] = setting.substr(equals + 1);
    }
  }
  return found;
}

int exit_code_of(absl::FunctionRef<void()> body) {
  try {
    body();
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "error: {}\n", error.what());
    return 1;
  }
}

}  // namespace bench

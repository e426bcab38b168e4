// The command line every job program understands, whatever system it is written in.
//
//   int main(int argc, char** argv) {
//     bench::JobOptions options;
//     CLI::App app("Counts records by key.");
//     bench::add_options(app, options);
//     app.add_option("--output", output)->required();
//     CLI11_PARSE(app, argc, argv);
//     return bench::exit_code_of([&] { run(options); });
//   }
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <absl/functional/function_ref.h>

namespace bench {

struct JobOptions {
  std::string bootstrap_servers = "localhost:9092";
  std::string application_id;
  std::string input;
  std::string state_dir;
  std::size_t threads = 1;
  int commit_interval_ms = 1000;
  std::vector<std::string> settings;  // key=value, with the prefixes producer. and consumer.
};

void add_options(CLI::App& app, JobOptions& options);

// The settings that start with `prefix` ("producer."), without it. Throws on one that is not key=value.
std::map<std::string, std::string> settings_for(const JobOptions& options, const std::string& prefix);

// Runs the body; an exception becomes one line on stderr and exit code 1.
int exit_code_of(absl::FunctionRef<void()> body);

}  // namespace bench

// Runs a topology for a benchmark: to the end of its input, by the contract in bench/README.md.
//
//   int main(int argc, char** argv) {
//     return bench::run_levada_job(argc, argv, "Counts records.", [](levada::StreamsBuilder& builder,
//                                                                    const bench::LevadaJob& job) { … });
//   }
#pragma once

#include <string>

#include <absl/functional/function_ref.h>

#include <levada/core/json.h>
#include <levada/dsl/streams_builder.h>
#include <levada/runtime/streams_app.h>

#include "bench/support/job_options.h"
#include "bench/support/measurement.h"

namespace bench {

struct LevadaJob : JobOptions {
  std::string output;
};

inline void throw_on(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

inline levada::StreamsConfig config_of(const LevadaJob& job) {
  levada::StreamsConfig config;
  config.set("application.id", job.application_id);
  config.set("bootstrap.servers", job.bootstrap_servers);
  config.set("state.dir", job.state_dir);
  config.set("num.stream.threads", std::to_string(job.threads));
  config.set("commit.interval.ms", std::to_string(job.commit_interval_ms));
  throw_on(config.set_all(job.settings));
  return config;
}

inline double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

inline void run_to_end(const LevadaJob& job, const levada::StreamsBuilder& builder) {
  const Moment before = Moment::now();
  absl::StatusOr<levada::StreamsApp> app =
      levada::StreamsApp::start(builder.build(), config_of(job), {.stop_at_end = true});
  throw_on(app.status());
  throw_on(app->wait_for_end());
  const levada::AppMetrics metrics = app->metrics();
  print({.records = static_cast<std::int64_t>(metrics.input_processed),
         .wall_s = seconds(metrics.wall_time),
         .cpu_s = seconds(metrics.cpu_time),
         .committed_cpu_s = Moment::now().cpu - before.cpu});
}

inline int run_levada_job(int argc, char** argv, const std::string& description,
                          absl::FunctionRef<void(levada::StreamsBuilder&, const LevadaJob&)> build) {
  LevadaJob job;
  CLI::App app(description);
  add_options(app, job);
  app.add_option("--output", job.output, "topic of the results")->required();
  CLI11_PARSE(app, argc, argv);
  return exit_code_of([&] {
    levada::StreamsBuilder builder;
    build(builder, job);
    run_to_end(job, builder);
  });
}

}  // namespace bench

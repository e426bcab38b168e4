// Runs a topology for a benchmark, by the contract in bench/README.md: to the end of its input, or, with --serve, until
// SIGTERM while it tells what happens.
//
//   int main(int argc, char** argv) {
//     return bench::run_levada_job(argc, argv, "Counts records.", [](levada::StreamsBuilder& builder,
//                                                                    const bench::LevadaJob& job) { … });
//   }
#pragma once

#include <string>
#include <thread>

#include <absl/functional/function_ref.h>
#include <fmt/core.h>

#include <levada/core/json.h>
#include <levada/dsl/streams_builder.h>
#include <levada/runtime/streams_app.h>

#include "bench/jobs/levada_restore_watch.h"
#include "bench/support/job_options.h"
#include "bench/support/measurement.h"

namespace bench {

struct LevadaJob : JobOptions {
  std::string output;
  bool serve = false;
};

using BuildTopology = absl::FunctionRef<void(levada::StreamsBuilder&, const LevadaJob&)>;

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

inline void tell(const char* event) {
  fmt::print("{{\"event\":\"{}\"}}\n", event);
  std::fflush(stdout);
}

// Tells "running" and "first", when the first record was processed; seen a few milliseconds late at most.
inline void tell_progress(const levada::StreamsApp& app, const std::stop_token& stop) {
  constexpr auto kLook = std::chrono::milliseconds(5);
  app.wait_until_running(std::chrono::minutes(10)).IgnoreError();
  if (app.state() == levada::AppState::kRunning) tell("running");
  while (!stop.stop_requested() && app.metrics().processed == 0) std::this_thread::sleep_for(kLook);
  if (!stop.stop_requested()) tell("first");
}

inline void wait(levada::StreamsApp& app, const LevadaJob& job) {
  if (!job.serve) return throw_on(app.wait_for_end());
  std::jthread teller([&app](const std::stop_token& stop) { tell_progress(app, stop); });
  throw_on(app.wait_for_signal());
}

inline void run(const LevadaJob& job, const levada::StreamsBuilder& builder) {
  const Moment before = Moment::now();
  RestoreWatch watch;
  absl::StatusOr<levada::StreamsApp> app = levada::StreamsApp::start(
      builder.build(), config_of(job), {.restore_listener = &watch, .stop_at_end = !job.serve});
  throw_on(app.status());
  wait(*app, job);
  const levada::AppMetrics metrics = app->metrics();
  print({.records = static_cast<std::int64_t>(metrics.input_processed),
         .wall_s = seconds(metrics.wall_time),
         .cpu_s = seconds(metrics.cpu_time),
         .committed_cpu_s = Moment::now().cpu - before.cpu,
         .restored = watch.figures()});
}

inline void add_options(CLI::App& app, LevadaJob& job) {
  add_options(app, static_cast<JobOptions&>(job));
  app.add_option("--output", job.output, "topic of the results")->required();
  app.add_flag("--serve", job.serve,
               "run until SIGTERM, and tell when it is running and when the first record is done");
}

inline int run_levada_job(int argc, char** argv, const std::string& description, BuildTopology build) {
  LevadaJob job;
  CLI::App app(description);
  add_options(app, job);
  CLI11_PARSE(app, argc, argv);
  return exit_code_of([&] {
    levada::StreamsBuilder builder;
    build(builder, job);
    run(job, builder);
  });
}

}  // namespace bench

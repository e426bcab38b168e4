#include "examples/app_options.h"

#include <cstdint>
#include <cstdio>

#include <sys/resource.h>
#include <unistd.h>

#include <levada/runtime/kafka_cluster.h>
#include <levada/runtime/log_setup.h>

#include "examples/program.h"

namespace examples {

namespace {

struct RunReport {
  std::uint64_t records = 0;
  double wall_s = 0;
  double cpu_s = 0;
  double committed_cpu_s = 0;  // of the process, until everything was committed
  double peak_rss_mb = 0;
  std::uint64_t restored = 0;
  double restore_s = 0;

  static constexpr auto json_fields() {
    return levada::json_fields("records", &RunReport::records, "wall_s", &RunReport::wall_s, "cpu_s", &RunReport::cpu_s,
                               "committed_cpu_s", &RunReport::committed_cpu_s, "peak_rss_mb", &RunReport::peak_rss_mb,
                               "restored", &RunReport::restored, "restore_s", &RunReport::restore_s);
  }
};

RunReport report_of(const levada::AppMetrics& metrics) {
  const auto seconds = [](std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); };
  const auto used = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  rusage process = {};
  getrusage(RUSAGE_SELF, &process);
  return {.records = metrics.input_processed,
          .wall_s = seconds(metrics.wall_time),
          .cpu_s = seconds(metrics.cpu_time),
          .committed_cpu_s = used(process.ru_utime) + used(process.ru_stime),
          .peak_rss_mb = static_cast<double>(process.ru_maxrss) / 1024,
          .restored = metrics.restored,
          .restore_s = seconds(metrics.restore_time)};
}

}  // namespace

void add_app_options(CLI::App& app, AppOptions& options) {
  app.add_option("--bootstrap-servers", options.bootstrap_servers, "the cluster, host:port[,host:port…]");
  app.add_option("--application-id", options.application_id, "name of the application and of its consumer group");
  app.add_option("--state-dir", options.state_dir, "directory of the stores");
  app.add_option("--config", options.config_file, "a file of settings, as Java writes properties");
  app.add_option("--set", options.settings, "a setting, key=value; may be repeated")->allow_extra_args(false);
  app.add_flag("--stop-at-end", options.stop_at_end, "end when all that stands in the input at the start is done");
  app.add_flag("--report", options.report, "print a JSON line about the run at its end");
}

levada::StreamsConfig config_of(const AppOptions& options) {
  levada::StreamsConfig config;
  for (const auto& [key, value] : options.defaults) config.set(key, value);
  if (!options.config_file.empty()) throw_on(config.load_file(options.config_file));
  config.load_environment(environ);
  if (options.bootstrap_servers) config.set("bootstrap.servers", *options.bootstrap_servers);
  if (options.application_id) config.set("application.id", *options.application_id);
  if (options.state_dir) config.set("state.dir", *options.state_dir);
  throw_on(config.set_all(options.settings));
  throw_on(config.validate());
  return config;
}

void create_missing_outputs(levada::Admin& admin, const std::string& input, const std::vector<std::string>& outputs) {
  constexpr levada::Duration kTimeout = std::chrono::seconds(60);
  const auto found = value_or_throw(admin.describe_topics({input}, kTimeout));
  if (!found.contains(input)) throw std::runtime_error("topic " + input + " does not exist");
  std::vector<levada::NewTopic> missing;
  for (const std::string& topic : outputs) {
    missing.push_back({.name = topic, .partitions = found.at(input), .config = {{"retention.ms", "-1"}}});
  }
  throw_on(admin.create_topics(missing, kTimeout));
}

void run_app(const levada::StreamsBuilder& builder, const levada::StreamsConfig& config, const AppOptions& options) {
  const std::unique_ptr<levada::LogSink> log = make_stderr_log_sink(config.log_format());
  auto app = value_or_throw(
      levada::StreamsApp::start(builder.build(), config, {.log_sink = log.get(), .stop_at_end = options.stop_at_end}));
  throw_on(app.wait_for_signal());
  if (options.report) std::printf("%s\n", levada::to_json(report_of(app.metrics())).c_str());
}

AdminClient::AdminClient(const levada::StreamsConfig& config)
    : cluster(value_or_throw(levada::KafkaCluster::create({{"bootstrap.servers", config.bootstrap_servers()}}))),
      admin(value_or_throw(cluster->admin(config.client_properties(levada::ClientRole::kAdmin)))) {}

}  // namespace examples

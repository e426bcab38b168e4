// The command line of every program that is a Levada application, and how it runs.
//
//   examples::AppOptions options = {.defaults = {{"application.id", "order-analytics"}}};
//   CLI::App app("…");
//   examples::add_app_options(app, options);
//   CLI11_PARSE(app, argc, argv);
//   examples::run_app(builder, examples::config_of(options), options);
//
// Settings come from the program, then --config, the environment (LEVADA_…), options of their own, and --set: a later
// one replaces an earlier one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <levada/levada.h>

namespace examples {

struct AppOptions {
  std::map<std::string, std::string> defaults = {};  // of the program
  std::optional<std::string> bootstrap_servers = {};
  std::optional<std::string> application_id = {};
  std::optional<std::string> state_dir = {};
  std::string config_file = {};
  std::vector<std::string> settings = {};  // key=value
  bool stop_at_end = false;
  bool report = false;
};

void add_app_options(CLI::App& app, AppOptions& options);
levada::StreamsConfig config_of(const AppOptions& options);

// Creates those of `outputs` that do not exist, with as many partitions as the input: kept for ever, because results
// carry the time of their events, however long ago that was.
void create_missing_outputs(levada::Admin& admin, const std::string& input, const std::vector<std::string>& outputs);

// Runs until a signal, the end of the input or a failure.
void run_app(const levada::StreamsBuilder& builder, const levada::StreamsConfig& config, const AppOptions& options);

// A client for topics, of the cluster that the settings name.
struct AdminClient {
  std::unique_ptr<levada::Cluster> cluster;
  std::unique_ptr<levada::Admin> admin;

  explicit AdminClient(const levada::StreamsConfig& config);
};

}  // namespace examples

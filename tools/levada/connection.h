// The options by which a command finds its cluster and its application, and the way to both.
//
//   add_connection_options(command(), options_);
//   …
//   LEVADA_ASSIGN_OR_RETURN(const Connection connection, Connection::open(options_, surroundings));
//   connection.admin().committed(connection.application_id(), partitions, connection.timeout());
//
// Settings are an application's own, as its StreamsConfig reads them: --config, the environment (LEVADA_…), options,
// --set; a later one replaces an earlier one. Errors never quote a secret.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <absl/status/statusor.h>

#include <levada/core/time.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/streams_config.h>

#include "tools/levada/surroundings.h"

namespace levada {

struct ConnectionOptions {
  std::optional<std::string> bootstrap_server = std::nullopt;
  std::optional<std::string> application_id = std::nullopt;
  std::string config_file = {};
  std::vector<std::string> settings = {};  // key=value
  std::string timeout = "30s";
  std::string default_application_id = {};  // of a command that works for no application; empty: one must be named
};

// `options` must live as long as the command.
void add_connection_options(CLI::App& command, ConnectionOptions& options);

// The settings alone. kInvalidArgument if they are wrong, or name no application or no cluster.
absl::StatusOr<StreamsConfig> read_settings(const ConnectionOptions& options, const Surroundings& surroundings);

class Connection {
 public:
  // kUnavailable, with bootstrap.servers and the reason, when no broker answers in time.
  static absl::StatusOr<Connection> open(const ConnectionOptions& options, const Surroundings& surroundings);

  const StreamsConfig& config() const { return config_; }
  std::string application_id() const { return config_.application_id(); }  // its group is called the same
  Duration timeout() const { return timeout_; }                            // for each request

  Cluster& cluster() const { return *cluster_; }
  Admin& admin() const { return *admin_; }

 private:
  Connection(StreamsConfig config, Duration timeout) : config_(std::move(config)), timeout_(timeout) {}

  StreamsConfig config_;
  Duration timeout_;
  std::unique_ptr<Cluster> cluster_ = nullptr;
  std::unique_ptr<Admin> admin_ = nullptr;  // before its cluster goes
};

}  // namespace levada

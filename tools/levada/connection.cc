#include "tools/levada/connection.h"

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/status_macros.h>

namespace levada {

void add_connection_options(CLI::App& command, ConnectionOptions& options) {
  const std::string group = "Connection";
  command.add_option("--bootstrap-server,--bootstrap-servers", options.bootstrap_server, "host:port[,host:port...]")
      ->group(group);
  command
      .add_option("--application-id,--group", options.application_id,
                  "The application; its consumer group has its name")
      ->group(group);
  command.add_option("--config", options.config_file, "The application's settings: a .properties file")->group(group);
  command.add_option("--set", options.settings, "One setting, key=value; may be repeated")
      ->allow_extra_args(false)
      ->group(group);
  command.add_option("--timeout", options.timeout, "For each request to the cluster")
      ->capture_default_str()
      ->group(group);
}

absl::StatusOr<StreamsConfig> read_settings(const ConnectionOptions& options, const Surroundings& surroundings) {
  StreamsConfig config;
  if (!options.default_application_id.empty()) config.set("application.id", options.default_application_id);
  if (!options.config_file.empty()) LEVADA_RETURN_IF_ERROR(config.load_file(options.config_file));
  if (surroundings.environment != nullptr) config.load_environment(surroundings.environment);
  if (options.bootstrap_server) config.set("bootstrap.servers", *options.bootstrap_server);
  if (options.application_id) config.set("application.id", *options.application_id);
  LEVADA_RETURN_IF_ERROR(config.set_all(options.settings));
  LEVADA_RETURN_IF_ERROR(config.validate());
  return config;
}

absl::StatusOr<Connection> Connection::open(const ConnectionOptions& options, const Surroundings& surroundings) {
  LEVADA_ASSIGN_OR_RETURN(StreamsConfig config, read_settings(options, surroundings));
  LEVADA_ASSIGN_OR_RETURN(const Duration timeout, parse_duration(options.timeout));
  if (config.uses_embedded_cluster()) {
    return absl::InvalidArgumentError("bootstrap.servers is embedded: that cluster lives within its application only");
  }
  Connection connection(std::move(config), timeout);
  LEVADA_ASSIGN_OR_RETURN(connection.cluster_, surroundings.connect(connection.config_));
  const ClientProperties properties = connection.config_.client_properties(ClientRole::kAdmin);
  LEVADA_ASSIGN_OR_RETURN(connection.admin_, connection.cluster_->admin(properties));
  const absl::Status answered = connection.admin_->list_topics(timeout).status();
  if (answered.ok()) return connection;
  return absl::Status(answered.code(),
                      fmt::format("no broker of bootstrap.servers={} answers: {}",
                                  connection.config_.bootstrap_servers(), std::string(answered.message())));
}

}  // namespace levada

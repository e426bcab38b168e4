#include "tools/levada/describe_command.h"

#include <vector>

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/json.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/internal_topics.h>

#include "tools/levada/table.h"
#include "tools/levada/topology_file.h"

namespace levada {
namespace {

Table stores_of(const SavedTopology& topology, const std::string& application_id) {
  Table table({"STORE", "KIND", "RETENTION", "CHANGELOG"});
  for (const SavedStore& store : topology.stores) {
    const std::string changelog = store.logging.value_or(!store.filled_by)
                                      ? changelog_topic_name(application_id, store.name)
                                  : store.filled_by ? "none: filled by " + *store.filled_by
                                                    : "none";
    table.add({store.name, store.kind.value_or("unknown"),
               store.retention ? format_duration(Duration(*store.retention)) : "-", changelog});
  }
  return table;
}

Table repartition_topics_of(const SavedTopology& topology, const std::string& application_id) {
  Table table({"REPARTITION TOPIC", "PARTITIONS"});
  for (const SavedRepartitionTopic& topic : topology.repartition_topics) {
    table.add({application_id + "-" + topic.name,
               topic.partitions ? std::to_string(*topic.partitions) : "as many as its input"});
  }
  return table;
}

}  // namespace

DescribeCommand::DescribeCommand(CLI::App& program)
    : Command(program, "describe", "Prints a saved topology as Kafka Streams' describe() does") {
  command()
      .add_option("TOPOLOGY", path_, "A saved topology: JSON, or the text of describe(), also Kafka Streams'")
      ->required();
  command().add_flag("--internal", internal_, "Stores, changelogs and repartition topics, too");
  command()
      .add_option("--application-id", application_id_, "For the full names of internal topics")
      ->default_str("<application.id>");
  command().add_flag("--json", json_, "The saved topology as JSON instead, also of a describe() text");
  command().footer(
      "Examples:\n"
      "  levada describe orders.topology.json\n"
      "  levada describe orders.topology.json --internal --application-id orders\n"
      "  levada describe kafka-streams-printed-this.txt --json > orders.topology.json\n"
      "Exit codes: 0 printed; 2 the file cannot be read, or is no topology.");
}

absl::StatusOr<int> DescribeCommand::run(Surroundings& surroundings) {
  LEVADA_ASSIGN_OR_RETURN(const SavedTopology topology, read_topology_file(path_));
  if (json_) {
    surroundings.out << to_json(topology) << '\n';
    return kDone;
  }
  surroundings.out << levada::describe(topology);
  if (!internal_) return kDone;
  const std::string id = application_id_.empty() ? "<application.id>" : application_id_;
  surroundings.out << stores_of(topology, id).text() << '\n' << repartition_topics_of(topology, id).text();
  return kDone;
}

}  // namespace levada

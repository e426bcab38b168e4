#include "tests/tools/command_test.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "tests/support/faulty_cluster.h"

namespace levada::testing {

using namespace std::chrono_literals;

Ran CommandTest::levada(std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Surroundings surroundings{
      .out = out, .err = err, .connect = [this](const StreamsConfig&) -> absl::StatusOr<std::unique_ptr<Cluster>> {
        return std::make_unique<FaultyCluster>(cluster_);  // the program owns its cluster, and this one is ours
      }};
  const int code = run_program(std::move(arguments), surroundings);
  return {.code = code, .out = out.str(), .err = err.str()};
}

Ran CommandTest::levada_on_cluster(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--bootstrap-server", "broker:9092"});
  return levada(std::move(arguments));
}

std::string CommandTest::file(const std::string& name, const std::string& text) const {
  std::ofstream(directory_ / name) << text;
  return directory_ / name;
}

void CommandTest::create_topic(const std::string& name, Partition partitions) {
  ASSERT_TRUE(admin_->create_topics({{.name = name, .partitions = partitions}}, 1s).ok());
}

void CommandTest::send(const TopicPartition& where, const std::vector<std::string>& values, Timestamp time) {
  const std::unique_ptr<Producer> producer = cluster_.producer({}).value();
  const TopicHandle topic = producer->topic(where.topic, 1s).value();
  for (const std::string& value : values) {
    const OutgoingRecord record = {.topic = topic, .partition = where.partition, .value = value, .timestamp = time};
    ASSERT_TRUE(producer->send(record).ok());
  }
  ASSERT_TRUE(producer->flush(1s).ok());
}

void CommandTest::commit(const std::string& group, const std::vector<CommittedOffset>& offsets) {
  ASSERT_TRUE(admin_->set_committed(group, offsets, 1s).ok());
}

Offset CommandTest::committed(const std::string& group, const TopicPartition& where) {
  return admin_->committed(group, {where}, 1s).value().front().offset;
}

}  // namespace levada::testing

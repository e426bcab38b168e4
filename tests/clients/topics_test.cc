// Topics: made, described, configured, removed.

#include <chrono>
#include <string>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class Topics : public ClientTest {
 protected:
  void wait_until_gone(const std::string& topic) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!admin().describe_topics({topic}, kPatience).value().empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << topic << " is still there";
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Clients, Topics, ::testing::ValuesIn(both_clusters()), cluster_name);

TEST_P(Topics, AreDescribedByTheirPartitions) {
  const std::string one = create_topic(1);
  const std::string four = create_topic(4);

  const auto described = admin().describe_topics({one, four}, kPatience);

  ASSERT_TRUE(described.ok()) << described.status();
  EXPECT_THAT(*described, ::testing::UnorderedElementsAre(Pair(one, 1), Pair(four, 4)));
}

TEST_P(Topics, ThatDoNotExistAreAbsentFromTheDescription) {
  const std::string topic = create_topic(2);

  const auto described = admin().describe_topics({unique("nowhere"), topic}, kPatience);

  ASSERT_TRUE(described.ok()) << described.status();
  EXPECT_THAT(*described, ElementsAre(Pair(topic, 2)));
}

TEST_P(Topics, AreListed) {
  const std::string topic = create_topic();

  const std::vector<std::string> listed = admin().list_topics(kPatience).value();

  EXPECT_THAT(listed, Contains(topic));
  EXPECT_THAT(listed, Not(Contains(unique("nowhere"))));
}

TEST_P(Topics, ThatExistAreLeftAsTheyAre) {
  const std::string topic = create_topic(2, {{"cleanup.policy", "compact"}});

  const absl::Status created = admin().create_topics({{.name = topic, .partitions = 5}}, kPatience);

  EXPECT_TRUE(created.ok()) << created;
  EXPECT_THAT(admin().describe_topics({topic}, kPatience).value(), ElementsAre(Pair(topic, 2)));
  EXPECT_EQ(admin().topic_config(topic, kPatience).value().at("cleanup.policy"), "compact");
}

TEST_P(Topics, CanBeUsedAsSoonAsTheyAreMade) {
  const std::string topic = unique("topic");
  ASSERT_TRUE(admin().create_topics({{.name = topic, .partitions = 3}}, kPatience).ok());

  send_values(topic, {"at once"}, 2);

  EXPECT_THAT(values_of(read_all(topic, 2)), ElementsAre("at once"));
}

TEST_P(Topics, KeepTheConfigurationTheyWereMadeWith) {
  const std::string topic = create_topic(
      1, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "123456"}, {"min.compaction.lag.ms", "789"}});

  const std::map<std::string, std::string> config = admin().topic_config(topic, kPatience).value();

  EXPECT_EQ(config.at("cleanup.policy"), "compact,delete");
  EXPECT_EQ(config.at("retention.ms"), "123456");
  EXPECT_EQ(config.at("min.compaction.lag.ms"), "789");
}

TEST_P(Topics, TellTheDefaultsOfWhatWasNotConfigured) {
  const std::string topic = create_topic();

  const std::map<std::string, std::string> config = admin().topic_config(topic, kPatience).value();

  EXPECT_EQ(config.at("cleanup.policy"), "delete");
  EXPECT_EQ(config.at("message.timestamp.type"), "CreateTime");
  EXPECT_EQ(config.at("delete.retention.ms"), "86400000");
  EXPECT_EQ(config.at("max.message.bytes"), "1048588");
}

TEST_P(Topics, WithAnUnknownConfigurationAreRefused) {
  const absl::Status created =
      admin().create_topics({{.name = unique("topic"), .config = {{"no.such.key", "1"}}}}, kPatience);

  EXPECT_TRUE(absl::IsInvalidArgument(created)) << created;
}

TEST_P(Topics, WithAWrongValueAreRefused) {
  const absl::Status created =
      admin().create_topics({{.name = unique("topic"), .config = {{"cleanup.policy", "keep"}}}}, kPatience);

  EXPECT_TRUE(absl::IsInvalidArgument(created)) << created;
}

TEST_P(Topics, WithAnIllegalNameAreRefused) {
  const absl::Status created = admin().create_topics({{.name = "not a name"}}, kPatience);

  EXPECT_TRUE(absl::IsInvalidArgument(created)) << created;
}

TEST_P(Topics, ConfigurationOfOneThatDoesNotExistIsNotFound) {
  const absl::Status asked = admin().topic_config(unique("nowhere"), kPatience).status();

  EXPECT_TRUE(absl::IsNotFound(asked)) << asked;
}

TEST_P(Topics, ThatAreDeletedAreGone) {
  const std::string topic = create_topic();
  send_values(topic, {"a"});

  const absl::Status deleted = admin().delete_topics({topic}, kPatience);

  ASSERT_TRUE(deleted.ok()) << deleted;
  wait_until_gone(topic);
}

TEST_P(Topics, MadeAnewAreEmpty) {
  const std::string topic = create_topic();
  send_values(topic, {"old"});
  ASSERT_TRUE(admin().delete_topics({topic}, kPatience).ok());
  wait_until_gone(topic);

  create_topic_named(topic, 2);

  EXPECT_THAT(admin().describe_topics({topic}, kPatience).value(), ElementsAre(Pair(topic, 2)));
  EXPECT_THAT(read_all(topic), IsEmpty());
}

TEST_P(Topics, DeletingOneThatDoesNotExistIsNotFound) {
  const absl::Status deleted = admin().delete_topics({unique("nowhere")}, kPatience);

  EXPECT_TRUE(absl::IsNotFound(deleted)) << deleted;
}

TEST_P(Topics, DeletingRecordsOfACompactedTopicIsRefused) {
  const std::string topic = create_topic(1, {{"cleanup.policy", "compact"}});
  send_values(topic, {"a"});

  const absl::Status deleted = admin().delete_records({{.partition = {topic, 0}, .offset = 1}}, kPatience);

  EXPECT_TRUE(absl::IsInvalidArgument(deleted)) << deleted;
}

}  // namespace
}  // namespace levada::testing

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/streams_config.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

StreamsConfig config(const std::vector<std::string>& settings = {}) {
  StreamsConfig made;
  made.set("application.id", "app");
  made.set("bootstrap.servers", "localhost:9092");
  EXPECT_TRUE(made.set_all(settings).ok());
  return made;
}

std::string error(const std::vector<std::string>& settings) {
  const absl::Status status = config(settings).validate();
  EXPECT_TRUE(status.ok() || status.code() == absl::StatusCode::kInvalidArgument) << status;
  return std::string(status.message());
}

TEST(StreamsConfig, NeedsAnApplicationIdAndACluster) {
  StreamsConfig empty;
  EXPECT_THAT(std::string(empty.validate().message()), HasSubstr("application.id is not set"));
  empty.set("application.id", "app");
  EXPECT_THAT(std::string(empty.validate().message()), HasSubstr("bootstrap.servers is not set"));
  empty.set("bootstrap.servers", "embedded");
  EXPECT_TRUE(empty.validate().ok());
  EXPECT_TRUE(empty.uses_embedded_cluster());
}

TEST(StreamsConfig, HasKafkaStreamsDefaults) {
  const StreamsConfig plain = config();
  ASSERT_TRUE(plain.validate().ok());
  EXPECT_EQ(plain.num_stream_threads(), 1);
  EXPECT_EQ(plain.processing_guarantee(), ProcessingGuarantee::kAtLeastOnce);
  EXPECT_EQ(plain.commit_interval(), seconds(30));
  EXPECT_EQ(plain.statestore_cache_max_bytes(), 10'485'760);
  EXPECT_EQ(plain.poll_timeout(), Duration(100));
  EXPECT_EQ(plain.max_task_idle(), Duration(0));
  EXPECT_EQ(plain.buffered_records_per_partition(), 1'000);
  EXPECT_EQ(plain.task_timeout(), minutes(5));
  EXPECT_EQ(plain.repartition_purge_interval(), seconds(30));
  EXPECT_EQ(plain.state_cleanup_delay(), minutes(10));
  EXPECT_EQ(plain.windowstore_changelog_additional_retention(), std::chrono::hours(24));
  EXPECT_EQ(plain.replication_factor(), -1);
  EXPECT_EQ(plain.session_timeout(), seconds(45));
  EXPECT_EQ(plain.deserialization_exception_handler(), ExceptionHandler::kLogAndFail);
  EXPECT_EQ(plain.default_timestamp_extractor(), DefaultTimestampExtractor::kFail);
  EXPECT_EQ(plain.client_id(), std::nullopt);
  EXPECT_EQ(plain.group_instance_id(), std::nullopt);
}

TEST(StreamsConfig, HasItsOwnDefaults) {
  const StreamsConfig plain = config();
  EXPECT_EQ(plain.memory_max_bytes(), std::size_t{512} << 20);
  EXPECT_EQ(plain.state_dir(), std::filesystem::temp_directory_path() / "levada");
  EXPECT_EQ(plain.log_level(), LogLevel::kInfo);
  EXPECT_EQ(plain.log_format(), LogFormat::kText);
}

TEST(StreamsConfig, ReadsWhatIsSet) {
  const StreamsConfig own = config({"state.dir=/var/lib/app", "num.stream.threads=4", "commit.interval.ms=250",
                                    "levada.memory.max.bytes=1GiB", "replication.factor=3", "max.task.idle.ms=-1",
                                    "consumer.session.timeout.ms=10000", "group.instance.id=node-1",
                                    "levada.log.level=warning", "levada.log.format=JSON", "client.id=me"});
  ASSERT_TRUE(own.validate().ok()) << own.validate();
  EXPECT_EQ(own.state_dir(), "/var/lib/app");
  EXPECT_EQ(own.num_stream_threads(), 4);
  EXPECT_EQ(own.commit_interval(), Duration(250));
  EXPECT_EQ(own.memory_max_bytes(), std::size_t{1} << 30);
  EXPECT_EQ(own.replication_factor(), 3);
  EXPECT_EQ(own.max_task_idle(), Duration(-1));
  EXPECT_EQ(own.session_timeout(), seconds(10));
  EXPECT_EQ(own.group_instance_id(), "node-1");
  EXPECT_EQ(own.log_level(), LogLevel::kWarn);
  EXPECT_EQ(own.log_format(), LogFormat::kJson);
  EXPECT_EQ(own.client_id(), "me");
}

TEST(StreamsConfig, TakesHandlersByNameAndByJavasName) {
  for (const char* name : {"log-and-continue", "LogAndContinueExceptionHandler",
                           "org.apache.kafka.streams.errors.LogAndContinueExceptionHandler"}) {
    const StreamsConfig own = config({std::string("deserialization.exception.handler=") + name});
    EXPECT_TRUE(own.validate().ok()) << name;
    EXPECT_EQ(own.deserialization_exception_handler(), ExceptionHandler::kLogAndContinue) << name;
  }
  EXPECT_EQ(config({"default.timestamp.extractor=org.apache.kafka.streams.processor.WallclockTimestampExtractor"})
                .default_timestamp_extractor(),
            DefaultTimestampExtractor::kWallclock);
  EXPECT_THAT(error({"deserialization.exception.handler=ignore"}),
              HasSubstr("expected one of: log-and-fail, log-and-continue"));
}

TEST(StreamsConfig, BeginsWhereAutoOffsetResetSays) {
  EXPECT_EQ(config().auto_offset_reset(), OffsetResetPolicy::kEarliest);
  EXPECT_EQ(config({"main.consumer.auto.offset.reset=latest"}).auto_offset_reset(), OffsetResetPolicy::kLatest);
  EXPECT_EQ(config({"auto.offset.reset=none"}).auto_offset_reset(), OffsetResetPolicy::kNone);
}

TEST(StreamsConfig, TheNewerNameWinsOverTheDeprecatedOne) {
  EXPECT_EQ(config({"cache.max.bytes.buffering=5"}).statestore_cache_max_bytes(), 5);
  EXPECT_EQ(config({"cache.max.bytes.buffering=5", "statestore.cache.max.bytes=6"}).statestore_cache_max_bytes(), 6);
  EXPECT_EQ(config({"default.deserialization.exception.handler=log-and-continue"}).deserialization_exception_handler(),
            ExceptionHandler::kLogAndContinue);
}

TEST(StreamsConfig, ALaterSettingReplacesAnEarlierOne) {
  const testing::TemporaryDirectory directory;
  const std::filesystem::path path = directory / "levada-app.properties";
  std::ofstream(path) << "# a comment\nnum.stream.threads = 2\npoll.ms : 7\n";
  const char* environment[] = {"LEVADA_NUM_STREAM_THREADS=3", "HOME=/", nullptr};
  StreamsConfig own = config({"num.stream.threads=1"});
  ASSERT_TRUE(own.load_file(path.string()).ok());
  EXPECT_EQ(own.num_stream_threads(), 2);
  own.load_environment(environment);
  EXPECT_EQ(own.num_stream_threads(), 3);
  ASSERT_TRUE(own.set_all({"num.stream.threads=4"}).ok());
  EXPECT_EQ(own.num_stream_threads(), 4);
  EXPECT_EQ(own.poll_timeout(), Duration(7));
  EXPECT_THAT(own.describe(),
              AllOf(HasSubstr("num.stream.threads = 4 (--set)\n"), HasSubstr("poll.ms = 7 (" + path.string() + ":3)\n"),
                    HasSubstr("application.id = app (code)\n")));
}

TEST(StreamsConfig, NamesTheNearestKey) {
  EXPECT_EQ(error({"num.stream.thread=2"}),
            "num.stream.thread (--set): there is no such key; the nearest is num.stream.threads");
  EXPECT_THAT(error({"producer.linger.msec=2"}), HasSubstr("the nearest is producer.linger.ms"));
  EXPECT_EQ(error({"zzzzzzzzzzzzzzzzzzzzzz=2"}), "zzzzzzzzzzzzzzzzzzzzzz (--set): there is no such key");
}

TEST(StreamsConfig, SaysWhatAValueShouldBe) {
  EXPECT_EQ(error({"num.stream.threads=many"}),
            "num.stream.threads = many (--set): expected an integer from 1 to 10000");
  EXPECT_THAT(error({"num.stream.threads=0"}), HasSubstr("from 1 to"));
  EXPECT_EQ(error({"commit.interval.ms=30s"}),
            "commit.interval.ms = 30s (--set): expected a number of milliseconds, 0 or more");
  EXPECT_THAT(error({"levada.memory.max.bytes=1MiB"}), HasSubstr("a size such as 512MiB, 16MiB or more"));
  EXPECT_THAT(error({"levada.log.level=loud"}), HasSubstr("trace, debug, info, warn, error, off"));
  EXPECT_THAT(error({"consumer.fetch.min.bytes=x"}),
              HasSubstr("consumer.fetch.min.bytes = x (--set): librdkafka says"));
  EXPECT_THAT(error({"compression.type=zip"}), HasSubstr("none, gzip, snappy, lz4, zstd"));
}

TEST(StreamsConfig, SaysWhatThisVersionCannotDo) {
  EXPECT_THAT(error({"group.protocol=streams"}), HasSubstr("expected one of: classic, consumer"));
  EXPECT_EQ(error({"processing.guarantee=at_least_once", "topology.optimization=none", "group.protocol=classic"}), "");
}

TEST(StreamsConfig, LeavesSessionsToTheBrokerUnderTheConsumerProtocol) {
  EXPECT_EQ(error({"group.protocol=consumer"}), "");
  EXPECT_EQ(error({"group.protocol=consumer", "session.timeout.ms=6000"}),
            "session.timeout.ms = 6000 (--set): with group.protocol=consumer the broker decides, by "
            "group.consumer.session.timeout.ms");
  EXPECT_THAT(error({"group.protocol=consumer", "main.consumer.heartbeat.interval.ms=100"}),
              HasSubstr("group.consumer.heartbeat.interval.ms"));
}

TEST(StreamsConfig, CommitsMoreOftenUnderExactlyOnce) {
  const StreamsConfig once = config({"processing.guarantee=exactly_once_v2"});
  ASSERT_TRUE(once.validate().ok()) << once.validate();
  EXPECT_EQ(once.processing_guarantee(), ProcessingGuarantee::kExactlyOnceV2);
  EXPECT_EQ(once.commit_interval(), Duration(100));
  EXPECT_EQ(once.idle_commit_interval(), Duration(10));
  EXPECT_EQ(
      config({"processing.guarantee=exactly_once_v2", "levada.idle.commit.interval.ms=500"}).idle_commit_interval(),
      Duration(100));
  EXPECT_EQ(config({"commit.interval.ms=500"}).idle_commit_interval(), Duration(500));
  EXPECT_EQ(config({"processing.guarantee=exactly_once_v2", "commit.interval.ms=500"}).commit_interval(),
            Duration(500));
  EXPECT_THAT(error({"processing.guarantee=exactly_once"}),
              HasSubstr("expected one of: at_least_once, exactly_once_v2"));
}

TEST(StreamsConfig, SaysWhatDoesNotGoWithExactlyOnce) {
  const auto error_with = [](const std::string& setting) {
    return error({"processing.guarantee=exactly_once_v2", setting});
  };
  EXPECT_EQ(error_with("commit.interval.ms=10001"),
            "commit.interval.ms = 10001 (--set): under exactly_once_v2 commit.interval.ms, which is 10001, must not be "
            "more than transaction.timeout.ms, which is 10000");
  EXPECT_THAT(error({"processing.guarantee=exactly_once_v2", "commit.interval.ms=3000", "transaction.timeout.ms=2000"}),
              HasSubstr("transaction.timeout.ms, which is 2000"));
  EXPECT_THAT(error_with("producer.delivery.timeout.ms=20000"),
              HasSubstr("must not be more than transaction.timeout.ms, which is 10000"));
  EXPECT_THAT(error_with("consumer.isolation.level=read_uncommitted"), HasSubstr("must be read_committed"));
  EXPECT_EQ(error_with("isolation.level=read_committed"), "");
  EXPECT_EQ(error({"commit.interval.ms=60000", "isolation.level=read_uncommitted"}), "");
}

TEST(StreamsConfig, TellsHowToBuildTheTopology) {
  EXPECT_EQ(config({}).build_options().optimization, TopologyOptimization::none());
  EXPECT_EQ(config({"topology.optimization=all"}).build_options().optimization, TopologyOptimization::all());
  EXPECT_EQ(
      config({"topology.optimization=reuse.ktable.source.topics, single.store.self.join"}).build_options().optimization,
      (TopologyOptimization{.reuse_ktable_source_topics = true, .single_store_self_join = true}));
  EXPECT_TRUE(config({"ensure.explicit.internal.resource.naming=true"})
                  .build_options()
                  .ensure_explicit_internal_resource_naming);
  EXPECT_THAT(error({"topology.optimization=all,merge.repartition.topics"}), HasSubstr("all stands alone"));
  EXPECT_THAT(error({"topology.optimization=everything"}), HasSubstr("expected one of: none, all"));
}

TEST(StreamsConfig, ExplainsJavasKeys) {
  EXPECT_THAT(error({"default.key.serde=x"}), HasSubstr("serdes are found from the C++ types"));
  EXPECT_THAT(error({"consumer.max.poll.records=10"}), HasSubstr("buffered.records.per.partition"));
  EXPECT_THAT(error({"buffer.memory=10"}), HasSubstr("queue.buffering.max.kbytes"));
}

TEST(StreamsConfig, TakesJavaSettingsThatHaveNoEffectAndSaysSo) {
  const StreamsConfig own = config({"metrics.recording.level=DEBUG", "client.tag.zone=a", "poll.ms=1"});
  EXPECT_TRUE(own.validate().ok());
  EXPECT_THAT(own.notes(), ElementsAre(HasSubstr("client.tag.zone (--set) has no effect"),
                                       HasSubstr("metrics.recording.level (--set) has no effect")));
}

TEST(StreamsConfig, RefusesWhatLevadaMustDecide) {
  EXPECT_EQ(error({"consumer.enable.auto.commit=true"}),
            "consumer.enable.auto.commit = true (--set): must be false: Levada commits offsets itself, together with "
            "the state they belong to");
  EXPECT_THAT(error({"partition.assignment.strategy=roundrobin"}), HasSubstr("must be range"));
  EXPECT_THAT(error({"enable.idempotence=false"}), HasSubstr("must be true"));
  EXPECT_THAT(error({"producer.acks=1"}), HasSubstr("must be all"));
  EXPECT_THAT(error({"request.required.acks=0"}), HasSubstr("must be all"));
  EXPECT_THAT(error({"partitioner=consistent"}), HasSubstr("must be murmur2_random"));
  EXPECT_THAT(error({"transactional.id=x"}), HasSubstr("must not be set"));
  EXPECT_THAT(error({"max.in.flight.requests.per.connection=10"}), HasSubstr("must be from 1 to 5"));
  EXPECT_THAT(error({"group.id=other"}), HasSubstr("named by application.id, which is app"));
}

TEST(StreamsConfig, LetsWhatLevadaDecidesBeRepeated) {
  EXPECT_EQ(error({"enable.auto.commit=False", "acks=-1", "enable.idempotence=true", "group.id=app",
                   "partition.assignment.strategy=range", "auto.offset.reset=none", "max.in.flight=1"}),
            "");
}

TEST(StreamsConfig, RefusesValuesThatContradictEachOther) {
  EXPECT_EQ(error({"heartbeat.interval.ms=50000"}),
            "heartbeat.interval.ms = 50000 (--set): must be less than session.timeout.ms, which is 45000");
  EXPECT_THAT(error({"session.timeout.ms=2000"}), HasSubstr("must be more than heartbeat.interval.ms, which is 3000"));
  EXPECT_THAT(error({"main.consumer.max.poll.interval.ms=10000"}),
              HasSubstr("must not be less than session.timeout.ms"));
  EXPECT_THAT(error({"session.timeout.ms=400000"}), HasSubstr("must not be more than max.poll.interval.ms"));
  EXPECT_THAT(error({"statestore.cache.max.bytes=1000000000"}), HasSubstr("is more than levada.memory.max.bytes"));
  EXPECT_THAT(error({"consumer.bootstrap.servers=x:1"}), HasSubstr("all clients go to one cluster"));
}

TEST(StreamsConfig, RefusesASettingOfTheOtherSide) {
  EXPECT_THAT(error({"consumer.linger.ms=1"}), HasSubstr("it is a key of producers"));
  EXPECT_THAT(error({"producer.fetch.min.bytes=1"}), HasSubstr("it is a key of consumers"));
  EXPECT_THAT(error({"admin.fetch.min.bytes=1"}), HasSubstr("admin clients have no such key"));
}

TEST(StreamsConfig, ChecksNamesAndAddresses) {
  EXPECT_THAT(error({"application.id=my app"}), HasSubstr("letters, digits"));
  EXPECT_THAT(error({"application.id=.."}), HasSubstr("names a folder"));
  EXPECT_THAT(error({"bootstrap.servers=localhost"}), HasSubstr("expected host:port"));
  EXPECT_THAT(error({"bootstrap.servers=a:1,,b:2"}), HasSubstr("expected host:port"));
  EXPECT_EQ(error({"bootstrap.servers=a:1, SASL_SSL://[::1]:9092"}), "");
}

TEST(StreamsConfig, NeverShowsSecrets) {
  const StreamsConfig own = config({"sasl.password=hunter2", "producer.ssl.key.password=hunter2", "sasl.username=bob"});
  EXPECT_TRUE(own.validate().ok()) << own.validate();
  EXPECT_THAT(own.describe(), AllOf(HasSubstr("sasl.password = ********"), HasSubstr("sasl.username = bob"),
                                    Not(HasSubstr("hunter2"))));
  EXPECT_EQ(own.get("sasl.password"), "hunter2");
  for (const char* bad : {"sasl.pasword=hunter2", "admin.sasl.jaas.config=hunter2", "ssl.truststore.password=hunter2",
                          "ssl_key=hunter2"}) {
    EXPECT_THAT(error({bad}), AllOf(Not(HasSubstr("hunter2")), Not(IsEmpty()))) << bad;
  }
}

TEST(StreamsConfig, KeepsSettingsOfInternalTopicsApart) {
  const StreamsConfig own = config({"topic.segment.bytes=1048576", "topic.metadata.refresh.interval.ms=1000"});
  EXPECT_TRUE(own.validate().ok());
  EXPECT_THAT(own.internal_topic_config(), ElementsAre(Pair("segment.bytes", "1048576")));
}

TEST(StreamsConfig, SurvivesBeingReadUnvalidated) {
  const StreamsConfig own =
      config({"num.stream.threads=many", "levada.memory.max.bytes=lots", "levada.log.level=loud"});
  EXPECT_EQ(own.num_stream_threads(), 1);
  EXPECT_EQ(own.memory_max_bytes(), std::size_t{512} << 20);
  EXPECT_EQ(own.log_level(), LogLevel::kInfo);
}

TEST(StreamsConfig, TellsProcessorsEverything) {
  const StreamsConfig own = config({"app.greeting=hello", "poll.ms=7"});
  ASSERT_TRUE(own.validate().ok()) << own.validate();
  const std::map<std::string, std::string> all = own.app_configs();
  EXPECT_EQ(all.at("app.greeting"), "hello");
  EXPECT_EQ(all.at("poll.ms"), "7");
  EXPECT_EQ(all.at("commit.interval.ms"), "30000");
  EXPECT_FALSE(all.contains("upgrade.from"));
}

TEST(StreamsConfig, KnowsTheVersionsToUpgradeFrom) {
  EXPECT_EQ(error({"upgrade.from=3.4"}), "");
  EXPECT_THAT(error({"upgrade.from=2.3"}), HasSubstr("expected one of: 2.4, 2.5"));
}

TEST(StreamsConfig, TakesTheInternalKeysOfResultsThatWait) {
  EXPECT_EQ(config().emit_intervals().closed_windows, Duration(1000));
  const StreamsConfig own = config({"__emit.interval.ms.kstreams.windowed.aggregation__=0",
                                    "__emit.interval.ms.kstreams.outer.join.spurious.results.fix__=20"});
  ASSERT_TRUE(own.validate().ok()) << own.validate();
  EXPECT_EQ(own.emit_intervals().closed_windows, Duration(0));
  EXPECT_EQ(own.emit_intervals().outer_joins, Duration(20));
}

TEST(StreamsConfig, RefusesWhatPlainConsumersOfWindowedKeysAreTold) {
  EXPECT_THAT(error({"window.size.ms=10"}), HasSubstr("it is for plain consumers of Kafka Streams"));
  EXPECT_THAT(error({"windowed.inner.class.serde=x"}), HasSubstr("it is for plain consumers of Kafka Streams"));
}

}  // namespace
}  // namespace levada

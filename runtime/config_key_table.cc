#include <array>

#include <levada/runtime/config_keys.h>

namespace levada::internal {

namespace {

using enum ConfigKind;
using enum ConfigUse;

constexpr std::int64_t kMaxInt = std::numeric_limits<std::int32_t>::max();
constexpr std::string_view kWarmup = "Warm-up replicas do not exist in this version: a task moves at once.";
constexpr std::string_view kRack = "Rack-aware assignment does not exist in this version.";
constexpr std::string_view kMetrics = "Metrics are not configured by Kafka Streams' keys.";
constexpr std::string_view kSerdes =
    "serdes are found from the C++ types, or passed for one topic (levada/core/serde.h)";
constexpr std::string_view kWindowedSerdes =
    "it is for plain consumers of Kafka Streams; the serde of windowed keys is passed where a topic is read "
    "(levada/core/serdes/windowed.h)";
constexpr std::string_view kHandlers =
    "log-and-fail=log_and_fail=LogAndFailExceptionHandler|"
    "log-and-continue=log_and_continue=LogAndContinueExceptionHandler";
constexpr std::string_view kProcessingHandlers =
    "log-and-fail=log_and_fail=LogAndFailProcessingExceptionHandler|"
    "log-and-continue=log_and_continue=LogAndContinueProcessingExceptionHandler";
constexpr std::string_view kProductionHandlers =
    "default=log-and-fail=log_and_fail=DefaultProductionExceptionHandler|log-and-continue=log_and_continue";
constexpr std::string_view kDeserializationDoc =
    "What becomes of a record that cannot be decoded, or has a null its type cannot hold: "
    "`log-and-fail` ends the application with an error, `log-and-continue` counts it, logs it and goes on. Java's "
    "class names LogAndFailExceptionHandler and LogAndContinueExceptionHandler mean the same.";
constexpr std::string_view kProductionDoc =
    "What becomes of a record that cannot be encoded, or that the log refuses, because it is too large for instance: "
    "`default` ends the application with an error, `log-and-continue` counts it, logs it and goes on. A record of a "
    "changelog that cannot be written always ends it. What no broker took in time is tried again from the last commit "
    "on, for `task.timeout.ms`.";

constexpr ConfigKey kKeys[] = {
    // The application.
    {"application.id", kString, "", kUsed,
     "Required. Names the application in the cluster: its consumer group, the prefix of its internal topics, its "
     "folder in `state.dir`. Letters, digits, `.`, `_` and `-`."},
    {"bootstrap.servers", kString, "", kUsed,
     "Required. Where the cluster is, as `host:port,host:port`; or `embedded` for a cluster inside this process."},
    {"client.id", kString, "", kUsed, "The prefix of the client ids of all clients. Default: the application id."},
    {"state.dir", kString, "<temporary directory>/levada", kUsed,
     "The folder under which the state of applications is kept, each in a folder named by its id. Kafka Streams' "
     "default is /tmp/kafka-streams; the two must not share a folder."},
    {"num.stream.threads", kInteger, "1", kUsed, "The number of threads that process.", {}, 1, 10'000},
    {"num.standby.replicas",
     kInteger,
     "0",
     kUsed,
     "How many other instances keep a copy of each task's stores up to date, so that they can take it over without a "
     "restore (docs/reliability.md). All instances should have the same number.",
     {},
     0,
     100},
    {"processing.guarantee", kChoice, "at_least_once", kUsed,
     "`at_least_once`: what came after the last commit may count twice after a crash. `exactly_once_v2`: outputs, "
     "state and offsets are committed in one transaction (docs/reliability.md).",
     "at_least_once|exactly_once_v2"},
    {"commit.interval.ms", kMilliseconds, "30000", kUsed,
     "How long a change may wait until it is committed; also how often cached changes are sent downstream. 100 under "
     "exactly_once_v2."},
    {"statestore.cache.max.bytes", kBytes, "10485760", kUsed,
     "Memory of all record caches together, a part of `levada.memory.max.bytes`. 0 sends every change downstream."},
    {"cache.max.bytes.buffering", kBytes, "10485760", kUsed,
     "The deprecated name of `statestore.cache.max.bytes`, which wins if both are set."},
    {"poll.ms", kMilliseconds, "100", kUsed, "How long a thread waits for new records when it has nothing to do."},
    {"max.task.idle.ms",
     kMilliseconds,
     "0",
     kUsed,
     "How long a task that has records in some of its input partitions, but not in all, waits for the others before it "
     "goes on in the order of time: `0` as long as their logs have more, or are not known to have none; with a time, "
     "for as long again after their logs have come to an end; `-1` not at all.",
     {},
     -1},
    {"buffered.records.per.partition",
     kInteger,
     "1000",
     kNoEffect,
     "What waits in the input queues is bounded in bytes, as a part of `levada.memory.max.bytes`.",
     {},
     1,
     kMaxInt},
    {"task.timeout.ms", kMilliseconds, "300000", kUsed,
     "How long a task, or a commit, tries again what finds no answer from a broker, before the application ends with "
     "an error. A full disk is waited for without a limit. Records that were sent are given up after "
     "`delivery.timeout.ms`."},
    {"repartition.purge.interval.ms",
     kMilliseconds,
     "30000",
     kUsed,
     "How often records of repartition topics that are processed and committed are deleted.",
     {},
     1},
    {"replication.factor",
     kInteger,
     "-1",
     kUsed,
     "Replicas of internal topics; -1 is the broker's default.",
     {},
     -1,
     32'767},
    {"windowstore.changelog.additional.retention.ms", kMilliseconds, "86400000", kUsed,
     "Added to the retention of a window store to give that of its changelog topic, against clocks that disagree."},
    {"state.cleanup.delay.ms", kMilliseconds, "600000", kNoEffect,
     "The state of a task that moved elsewhere is kept on disk in this version."},
    {"deserialization.exception.handler", kChoice, "log-and-fail", kUsed, kDeserializationDoc, kHandlers},
    {"default.deserialization.exception.handler", kChoice, "log-and-fail", kUsed,
     "The deprecated name of `deserialization.exception.handler`, which wins if both are set.", kHandlers},
    {"processing.exception.handler", kChoice, "log-and-fail", kUsed,
     "What becomes of a record that a processor throws at, or of a punctuation that throws: `log-and-fail` ends the "
     "application with an error, `log-and-continue` counts it, logs it and goes on. Java's class names mean the same.",
     kProcessingHandlers},
    {"processing.exception.handler.global.enabled", kBool, "false", kUsed,
     "Whether `processing.exception.handler` is asked about what fills global stores, too. If not, what throws there "
     "ends the application."},
    {"production.exception.handler", kChoice, "default", kUsed, kProductionDoc, kProductionHandlers},
    {"default.production.exception.handler", kChoice, "default", kUsed,
     "The deprecated name of `production.exception.handler`, which wins if both are set.", kProductionHandlers},
    {"errors.dead.letter.queue.topic.name", kString, "", kUsed,
     "A topic for records that fail, as they were read, with headers that say what went wrong. The three exception "
     "handlers above write to it; it must exist. Empty: none."},
    {"default.timestamp.extractor", kChoice, "fail", kUsed,
     "What time a record of a source without an extractor is of: its own, where a negative one ends the application "
     "(`fail`), is counted and skipped (`log-and-skip`), or becomes the highest of the partition so far "
     "(`use-partition-time`); or the time at which it is read (`wallclock`). Java's class names mean the same.",
     "fail=FailOnInvalidTimestamp|log-and-skip=LogAndSkipOnInvalidTimestamp|"
     "use-partition-time=UsePartitionTimeOnInvalidTimestamp|wallclock=WallclockTimestampExtractor"},
    {"topology.optimization", kChoices, "none", kUsed,
     "How a builder may rewrite a topology: `none`, `all`, or some of the others with commas between. The topology is "
     "built with `builder.build(config.build_options())`; an application whose topology was built otherwise does not "
     "start. An application that exists must be reset when it changes.",
     "none=no_optimization|all|reuse.ktable.source.topics|merge.repartition.topics|single.store.self.join"},
    {"dsl.store.format", kChoice, "DEFAULT", kUsed,
     "With `HEADERS`, records of deletions on changelogs of the DSL's stores on disk have the headers of the record "
     "that made them; as in Kafka Streams 4.3, values are stored without headers. The topology is built with "
     "`builder.build(config.build_options())`.",
     "DEFAULT|HEADERS"},
    {"ensure.explicit.internal.resource.naming", kBool, "false", kUsed,
     "Refuses a topology in which a store or an internal topic has a generated name, naming each."},
    {"__iq.consistency.offset.vector.enabled__", kBool, "false", kUsed,
     "An internal key of Kafka Streams: records of changelogs carry headers that say how far their store has come in "
     "the task's input."},

    {"__emit.interval.ms.kstreams.windowed.aggregation__", kMilliseconds, "1000", kUsed,
     "An internal key of Kafka Streams: how often, by the wall clock, windows that have closed are looked for, with "
     "`EmitStrategy::on_window_close()`. 0: after every record."},
    {"__emit.interval.ms.kstreams.outer.join.spurious.results.fix__", kMilliseconds, "1000", kUsed,
     "An internal key of Kafka Streams: how often, by the wall clock, left and outer joins of streams look for records "
     "that have found no partner in their window. 0: after every record."},
    {"upgrade.from", kChoice, "", kUsed,
     "The older version of Kafka Streams that is to read what Levada writes to topics of the application's own, while "
     "the application moves from it or back to it: up to 3.4 a change of a grouped table is two records, up to 3.3 "
     "subscriptions of foreign-key joins are without a partition.",
     "2.4|2.5|2.6|2.7|2.8|3.0|3.1|3.2|3.3|3.4|3.5|3.6|3.7|3.8|3.9|4.0|4.1|4.2"},

    // Levada's own.
    {"levada.memory.max.bytes",
     kSize,
     "512MiB",
     kUsed,
     "The one bound of memory: block cache, memtables, record caches and input queues of all threads and stores "
     "together. A number of bytes, or 512MiB, 2GiB.",
     {},
     16 << 20},
    {"levada.idle.commit.interval.ms", kMilliseconds, "10", kUsed,
     "Under exactly_once_v2, where results are seen when they are committed: a thread that has processed all there is "
     "commits so long after its last commit, before `commit.interval.ms` is over. With as much as that, or more, it "
     "never does."},
    {"levada.idle.timeout.ms",
     kMilliseconds,
     "-1",
     kUsed,
     "How late a record may come to an input partition that has been read to its end. When none comes for longer, "
     "event time goes on with the clock: windows close, joins no longer wait. Of sources without a "
     "`Consumed::idle_timeout`; `-1`: time stands still until a record comes.",
     {},
     -1},
    {"levada.upstream.time.enabled", kBool, "false", kUsed,
     "Behind a repartition topic, event time comes no further than the task upstream that is furthest behind: a replay "
     "over several partitions and instances drops nothing as late that was in time. Records of repartition topics then "
     "carry a header, and some have nothing else."},
    {"levada.log.level", kChoice, "info", kUsed, "The least severe events that are logged.",
     "trace|debug|info|warn=warning|error|off"},
    {"levada.log.format", kChoice, "text", kUsed, "Log lines as text or as JSON.", "text|json"},
    {"group.protocol", kChoice, "classic", kUsed,
     "How the instances share the partitions: by Kafka's classic protocol, or by the newer one, `consumer` (KIP-848, "
     "brokers from 4.0, librdkafka from 2.12), in which only what moves is taken from its task. There the session "
     "timeout and the heartbeat interval are the broker's.",
     "classic|consumer"},

    // One value possible.
    {"default.dsl.store", kString, "rocksDB", kDefaultOnly,
     "only rocksDB is possible: choose another engine for one store where it is defined"},
    {"state.cleanup.dir.max.age.ms", kMilliseconds, "-1", kDefaultOnly,
     "only -1 is possible: old state is not deleted at start"},

    // Java's own affairs.
    {"default.key.serde", kString, "", kRefused, kSerdes},
    {"default.value.serde", kString, "", kRefused, kSerdes},
    {"default.list.key.serde.inner", kString, "", kRefused, kSerdes},
    {"default.list.key.serde.type", kString, "", kRefused, kSerdes},
    {"default.list.value.serde.inner", kString, "", kRefused, kSerdes},
    {"default.list.value.serde.type", kString, "", kRefused, kSerdes},
    {"windowed.inner.class.serde", kString, "", kRefused, kWindowedSerdes},
    {"window.size.ms", kMilliseconds, "", kRefused, kWindowedSerdes},
    {"rocksdb.config.setter", kString, "", kRefused, "RocksDB is bounded by levada.memory.max.bytes"},
    {"dsl.store.suppliers.class", kString, "", kRefused, "choose the engine of a store where it is defined"},
    {"default.client.supplier", kString, "", kRefused,
     "clients come from bootstrap.servers, or a Cluster passed in code"},
    {"processor.wrapper.class", kString, "", kRefused, "a Java class cannot be used"},
    {"task.assignor.class", kString, "", kRefused, "a Java class cannot be used; tasks follow the range assignment"},
    {"config.providers", kString, "", kRefused, "a Java class cannot be used; read secrets from the environment"},

    // Accepted without effect.
    {"application.server", kString, "", kNoEffect, "Queries between instances do not exist in this version."},
    {"acceptable.recovery.lag", kInteger, "10000", kNoEffect, kWarmup},
    {"max.warmup.replicas", kInteger, "2", kNoEffect, kWarmup},
    {"probing.rebalance.interval.ms", kMilliseconds, "600000", kNoEffect, kWarmup},
    {"rack.aware.assignment.strategy", kString, "none", kNoEffect, kRack},
    {"rack.aware.assignment.tags", kString, "", kNoEffect, kRack},
    {"rack.aware.assignment.traffic_cost", kInteger, "", kNoEffect, kRack},
    {"rack.aware.assignment.non_overlap_cost", kInteger, "", kNoEffect, kRack},
    {"log.summary.interval.ms", kMilliseconds, "120000", kNoEffect, "No summary is logged in this version."},
    {"metric.reporters", kString, "", kNoEffect, kMetrics},
    {"metrics.num.samples", kInteger, "2", kNoEffect, kMetrics},
    {"metrics.recording.level", kString, "INFO", kNoEffect, kMetrics},
    {"metrics.sample.window.ms", kMilliseconds, "30000", kNoEffect, kMetrics},
    {"built.in.metrics.version", kString, "latest", kNoEffect, kMetrics},
    {"enable.metrics.push", kBool, "true", kNoEffect, kMetrics},
};

}  // namespace

absl::Span<const ConfigKey> config_keys() { return kKeys; }

}  // namespace levada::internal

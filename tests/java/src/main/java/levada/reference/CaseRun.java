package levada.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TopologyException;
import org.apache.kafka.streams.test.TestRecord;

/** One case: its topology, and what comes out of it when the case's records go in. */
final class CaseRun {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern FULL =
      Pattern.compile("exceeded its max capacity. Currently \\[(\\d+)/\\d+\\] records and \\[(\\d+)/");

  private final JsonNode testCase;
  private final ArrayNode records = JSON.createArrayNode();
  private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new TreeMap<>();
  private final Map<String, TestInputTopic<byte[], byte[]>> inputs = new TreeMap<>();

  CaseRun(JsonNode testCase) {
    this.testCase = testCase;
  }

  /**
   * The description, every record of every topic with the number of the input it came after, the dropped records; or
   * why Kafka Streams refuses the topology.
   */
  ObjectNode run() throws IOException {
    final Path directory = Files.createTempDirectory("levada-reference");
    final Properties config = config(directory);
    final CaseTopology built = new CaseTopology(testCase);
    final Topology topology;
    try {
      topology = built.build(config);
    } catch (RuntimeException error) {
      remove(directory);
      if (isRefusal(error)) return JSON.createObjectNode().put("refused", error.getMessage());
      throw error;
    }
    final ObjectNode answer = JSON.createObjectNode().put("describe", topology.describe().toString());
    try (TopologyTestDriver driver = new TopologyTestDriver(topology, config, Instant.EPOCH)) {
      process(driver, built, answer);
      answer.set("records", records);
      return answer.put("dropped", dropped(driver));
    } finally {
      CountingWrapper.take();
      remove(directory);
    }
  }

  private void process(TopologyTestDriver driver, CaseTopology built, ObjectNode answer) {
    int number = 0;
    try {
      for (JsonNode input : testCase.get("records")) {
        feed(driver, input, built);
        collect(driver, number++);
      }
      answer.set("processed", JSON.valueToTree(CountingWrapper.take()));
    } catch (StreamsException error) {
      final String full = fullBuffer(error);
      if (full == null) throw error;
      answer.put("full", full + " after " + number);
    }
  }

  /** What suppress held when its buffer was full, or null if that is not the error. */
  private static String fullBuffer(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      final var found = FULL.matcher(String.valueOf(cause.getMessage()));
      if (found.find()) return found.group(1) + " records, " + found.group(2) + " bytes";
    }
    return null;
  }

  /** Whether Kafka Streams says that the topology is none; all else is our mistake. */
  private static boolean isRefusal(RuntimeException error) {
    return error instanceof TopologyException
        || (error instanceof IllegalArgumentException
            && error.getStackTrace()[0].getClassName().startsWith("org.apache.kafka."));
  }

  private Properties config(Path directory) {
    final Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "app");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    config.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    config.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
    if (!testCase.path("caching").asBoolean(true)) config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
    if (testCase.path("with_headers").asBoolean(false)) config.put(StreamsConfig.DSL_STORE_FORMAT_CONFIG, "HEADERS");
    if (testCase.path("wrapped").asBoolean(false)) {
      config.put(StreamsConfig.PROCESSOR_WRAPPER_CLASS_CONFIG, CountingWrapper.class);
    }
    if (testCase.has("upgrade_from")) config.put(StreamsConfig.UPGRADE_FROM_CONFIG, testCase.get("upgrade_from").asText());
    if (testCase.path("optimized").asBoolean(false)) {
      config.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
      // Else it refuses what is aggregated twice behind a processor (KAFKA-19668).
      config.put(TopologyConfig.InternalConfig.ENABLE_PROCESS_PROCESSVALUE_FIX, true);
    }
    return config;
  }

  private void feed(TopologyTestDriver driver, JsonNode input, CaseTopology built) {
    if (input.has("advance")) {
      driver.advanceWallClockTime(Duration.ofMillis(input.get("advance").asLong()));
      return;
    }
    final String topic = input.get("topic").asText();
    if (!built.reads(topic)) return;
    final RecordHeaders headers = new RecordHeaders();
    for (JsonNode header : input.path("headers")) headers.add(header.get(0).asText(), bytes(header.get(1)));
    inputs
        .computeIfAbsent(topic,
            name -> driver.createInputTopic(name, new ByteArraySerializer(), new ByteArraySerializer()))
        .pipeInput(new TestRecord<>(bytes(input.get("key")), bytes(input.get("value")), headers,
            input.get("time").asLong()));
  }

  private void collect(TopologyTestDriver driver, int number) {
    for (String topic : driver.producedTopicNames()) {
      final var output = outputs.computeIfAbsent(topic,
          name -> driver.createOutputTopic(name, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
      for (TestRecord<byte[], byte[]> record : output.readRecordsToList()) {
        final ObjectNode row = records.addObject().put("after", number).put("topic", topic);
        row.put("key", hex(record.key())).put("value", hex(record.value()));
        row.put("time", record.timestamp() == null ? -1 : record.timestamp());
        final ArrayNode headers = row.putArray("headers");
        for (Header header : record.headers()) headers.addArray().add(header.key()).add(hex(header.value()));
      }
    }
  }

  private static long dropped(TopologyTestDriver driver) {
    double sum = 0;
    for (var metric : driver.metrics().entrySet()) {
      if (metric.getKey().name().equals("dropped-records-total")) sum += (Double) metric.getValue().metricValue();
    }
    return (long) sum;
  }

  private static byte[] bytes(JsonNode text) {
    return text.isNull() ? null : text.asText().getBytes(StandardCharsets.UTF_8);
  }

  private static String hex(byte[] bytes) {
    return bytes == null ? null : HexFormat.of().formatHex(bytes);
  }

  private static void remove(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }
}

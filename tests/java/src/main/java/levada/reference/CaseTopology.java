package levada.reference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;

/** The topology of a case: its steps, one after the other, on Kafka Streams' DSL. */
final class CaseTopology {
  private final JsonNode testCase;
  private final Set<String> topics = new HashSet<>();

  CaseTopology(JsonNode testCase) {
    this.testCase = testCase;
  }

  Topology build(Properties config) {
    if (testCase.path("wired").asBoolean(false)) return wired(config);
    final StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(config)));
    final Map<String, Object> handles = new HashMap<>();
    for (JsonNode json : testCase.get("steps")) {
      final Step step = new Step(builder, handles, json);
      if (!apply(step)) throw new IllegalArgumentException("no step " + step.op());
      note(json);
    }
    return builder.build(config);
  }

  private Topology wired(Properties config) {
    for (JsonNode step : testCase.get("steps")) {
      note(step);
    }
    return new WiredSteps(testCase.get("steps"), new TopologyConfig(new StreamsConfig(config))).build();
  }

  /** The topics that the step reads. */
  private void note(JsonNode step) {
    final String op = step.get("op").asText();
    if (op.equals("stream") || op.equals("add_source")) {
      step.get("topics").forEach(topic -> topics.add(topic.asText()));
    } else if (step.has("topic") && (op.endsWith("table") || op.endsWith("global_store"))) {
      topics.add(step.get("topic").asText());
    }
  }

  boolean reads(String topic) {
    return topics.contains(topic);
  }

  private static boolean apply(Step step) {
    return StreamSteps.apply(step) || GroupSteps.apply(step) || TableSteps.apply(step) || JoinSteps.apply(step)
        || StoreSteps.apply(step);
  }
}

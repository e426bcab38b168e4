package levada.reference;

import static levada.reference.Step.TEXT;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Cases of the Processor API: sources, processors with stores and sinks, added by name. */
final class WiredSteps {
  private final JsonNode steps;
  private final Topology topology;
  private final Set<String> stores = new HashSet<>();

  WiredSteps(JsonNode steps, TopologyConfig config) {
    this.steps = steps;
    topology = new Topology(config);
  }

  Topology build() {
    for (JsonNode step : steps) add(step);
    return topology;
  }

  private void add(JsonNode step) {
    final String name = step.get("as").asText();
    switch (step.get("op").asText()) {
      case "add_source" -> topology.addSource(name, new StringDeserializer(), new StringDeserializer(), topics(step));
      case "add_sink" -> topology.addSink(name, step.get("topic").asText(), new StringSerializer(),
          new StringSerializer(), parents(step));
      case "choose" -> {
        final List<String> children = children(name);
        addProcessor(step, () -> new Choose(children));
      }
      case "remember" -> {
        final Duration shift = Duration.ofMillis(step.path("shift").asLong(0));
        addProcessor(step, () -> new Remember(step.get("store").asText(), shift, step.path("marks").asBoolean(false)));
      }
      case "tell" -> addProcessor(step, () -> new Tell(step));
      case "add_global_store" -> {
        final String store = step.get("store").asText();
        topology.addGlobalStore(Remember.store(step).withLoggingDisabled(), name + "-source", TEXT.deserializer(),
            TEXT.deserializer(), step.get("topic").asText(), name, () -> new Fill(store));
      }
      case "ask" -> topology.addProcessor(name,
          (ProcessorSupplier<Object, Object, Object, Object>) () -> new Ask(step.get("store").asText()),
          parents(step));
      default -> throw new IllegalArgumentException("no step " + step);
    }
  }

  private void addProcessor(JsonNode step, ProcessorSupplier<Object, Object, Object, Object> supplier) {
    final String name = step.get("as").asText();
    topology.addProcessor(name, supplier, parents(step));
    if (!step.has("store")) return;
    final String store = step.get("store").asText();
    if (stores.add(store)) {
      topology.addStateStore(Remember.store(step), name);
    } else {
      topology.connectProcessorAndStateStores(name, store);
    }
  }

  private static String[] topics(JsonNode step) {
    final List<String> topics = new ArrayList<>();
    step.get("topics").forEach(topic -> topics.add(topic.asText()));
    return topics.toArray(new String[0]);
  }

  private static String[] parents(JsonNode step) {
    return step.has("with") ? new String[] {step.get("of").asText(), step.get("with").asText()}
        : new String[] {step.get("of").asText()};
  }

  private List<String> children(String name) {
    final List<String> children = new ArrayList<>();
    for (JsonNode step : steps) {
      if (step.path("of").asText().equals(name) || step.path("with").asText().equals(name)) {
        children.add(step.get("as").asText());
      }
    }
    return children;
  }

  /** Emits to one of the nodes below, as many further as the value has letters. */
  private static final class Choose implements Processor<Object, Object, Object, Object> {
    private final List<String> children;
    private ProcessorContext<Object, Object> context;

    Choose(List<String> children) {
      this.children = children;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
    }

    @Override
    public void process(Record<Object, Object> record) {
      if (children.isEmpty()) {
        context.forward(record);
        return;
      }
      final int length = record.value() == null ? 0 : Functions.text(record.value()).length();
      context.forward(record, children.get(length % children.size()));
    }
  }

  /** Keeps what it is told, and emits all of it now and then. */
  private static final class Tell implements Processor<Object, Object, Object, Object> {
    private final JsonNode step;
    private ProcessorContext<Object, Object> context;
    private KeyValueStore<String, String> store;
    private Cancellable schedule;
    private int left;

    Tell(JsonNode step) {
      this.step = step;
      left = step.path("times").asInt(Integer.MAX_VALUE);
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
      store = context.getStateStore(step.get("store").asText());
      schedule = context.schedule(Duration.ofMillis(step.get("interval").asLong()),
          step.path("wall_clock").asBoolean(false) ? PunctuationType.WALL_CLOCK_TIME : PunctuationType.STREAM_TIME,
          this::tell);
    }

    @Override
    public void process(Record<Object, Object> record) {
      Remember.remember(store, record.key(), record.value());
    }

    private void tell(long now) {
      if (--left == 0) schedule.cancel();
      try (var rows = store.all()) {
        while (rows.hasNext()) {
          final var row = rows.next();
          context.forward(new Record<>(row.key, row.value, now));
        }
      }
    }
  }
}

package levada.reference;

import static levada.reference.Step.TEXT;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.BranchedKStream;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.TopicNameExtractor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** Sources, sinks, what needs no state, and processors. */
final class StreamSteps {
  private StreamSteps() {}

  static boolean apply(Step step) {
    switch (step.op()) {
      case "stream" -> source(step);
      case "merge" -> merge(step);
      case "split" -> split(step);
      case "repartition" -> repartition(step);
      case "to" -> to(step);
      case "process", "process_values" -> process(step);
      case "filter", "filter_not", "peek", "for_each" -> look(step);
      case "map", "map_values", "flat_map", "flat_map_values", "select_key" -> change(step);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void source(Step step) {
    final List<String> topics = new ArrayList<>();
    step.json().get("topics").forEach(topic -> topics.add(topic.asText()));
    Consumed<Object, Object> consumed = step.withReset(Consumed.with(TEXT, TEXT));
    if (step.has("name")) consumed = consumed.withName(step.text("name"));
    if (step.has("extractor")) {
      consumed = consumed.withTimestampExtractor(step.text("extractor").equals("by_length")
          ? StreamSteps::laterByLength : StreamSteps::noneWithD);
    }
    step.putStream(step.has("pattern")
        ? step.builder().stream(Pattern.compile(step.text("pattern")), consumed)
        : step.builder().stream(topics, consumed), TEXT, TEXT);
  }

  /** A second later for each letter of the value. */
  private static long laterByLength(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.timestamp() + (record.value() == null ? 0 : 1000L * Functions.text(record.value()).length());
  }

  /** No time for values with a "d", so that they are skipped. */
  private static long noneWithD(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.value() != null && Functions.text(record.value()).contains("d") ? -1 : record.timestamp();
  }

  private static void look(Step step) {
    final Step.Stream in = step.stream();
    final String f = step.optional("f");
    final KStream<Object, Object> out = switch (step.op()) {
      case "filter" -> in.stream().filter((k, v) -> Functions.holds(f, k, v), step.named());
      case "filter_not" -> in.stream().filterNot((k, v) -> Functions.holds(f, k, v), step.named());
      case "peek" -> in.stream().peek((k, v) -> { }, step.named());
      default -> {
        in.stream().foreach((k, v) -> { }, step.named());
        yield null;
      }
    };
    if (out != null) step.putStream(out, in.key(), in.value());
  }

  private static void change(Step step) {
    final Step.Stream in = step.stream();
    final String f = step.optional("f");
    switch (step.op()) {
      case "map" -> step.putStream(
          in.stream().map((k, v) -> KeyValue.pair(Functions.map(f, k, v), Functions.map(step.text("g"), k, v)),
              step.named()), TEXT, TEXT);
      case "map_values" ->
          step.putStream(in.stream().mapValues((k, v) -> Functions.map(f, k, v), step.named()), in.key(), TEXT);
      case "flat_map" -> step.putStream(in.stream().flatMap((k, v) -> keyedParts(v), step.named()), TEXT, TEXT);
      case "flat_map_values" ->
          step.putStream(in.stream().flatMapValues(v -> Functions.parts(v), step.named()), in.key(), TEXT);
      default ->
          step.putStream(in.stream().selectKey((k, v) -> Functions.map(f, k, v), step.named()), TEXT, in.value());
    }
  }

  private static List<KeyValue<String, String>> keyedParts(Object value) {
    return Functions.parts(value).stream().map(part -> KeyValue.pair(part, Functions.text(value))).toList();
  }

  private static void merge(Step step) {
    final Step.Stream in = step.stream();
    final Step.Stream other = step.of("with");
    step.putStream(in.stream().merge(other.stream(), step.named()), in.key(), in.value());
  }

  private static void split(Step step) {
    final Step.Stream in = step.stream();
    final JsonNode names = step.json().get("as");
    BranchedKStream<Object, Object> branches = in.stream().split(step.named());
    for (int i = 0; i < step.json().get("f").size(); ++i) {
      final String f = step.json().get("f").get(i).asText();
      branches = branches.branch((k, v) -> Functions.holds(f, k, v), into(step, in, names.get(i).asText()));
    }
    if (names.size() > step.json().get("f").size()) {
      branches.defaultBranch(into(step, in, names.get(names.size() - 1).asText()));
    } else {
      branches.noDefaultBranch();
    }
  }

  private static Branched<Object, Object> into(Step step, Step.Stream in, String as) {
    return Branched.withConsumer(branch -> step.handles().put(as, new Step.Stream(branch, in.key(), in.value())),
        step.has("name") ? as : null);
  }

  private static void repartition(Step step) {
    final Step.Stream in = step.stream();
    Repartitioned<Object, Object> options = Repartitioned.with(in.key(), in.value());
    if (step.has("name")) options = options.withName(step.text("name"));
    if (step.has("partitions")) options = options.withNumberOfPartitions(step.json().get("partitions").asInt());
    step.putStream(in.stream().repartition(options), in.key(), in.value());
  }

  private static void to(Step step) {
    final Step.Stream in = step.stream();
    Produced<Object, Object> options = Produced.with(in.key(), in.value());
    if (step.has("name")) options = options.withName(step.text("name"));
    if (step.has("only")) {
      options = options.withStreamPartitioner(new Only(step.text("only")));
    }
    if (step.has("f")) {
      in.stream().to(new Chooser(step.text("topic"), step.text("f")), options);
    } else {
      in.stream().to(step.text("topic"), options);
    }
  }

  /** Chooses a topic by a function of the record; describe() prints it as Levada does. */
  private record Chooser(String topic, String f) implements TopicNameExtractor<Object, Object> {
    @Override
    public String extract(Object key, Object value, RecordContext context) {
      return topic + Functions.map(f, key, value);
    }

    @Override
    public String toString() {
      return "<function>";
    }
  }

  /** Sends to a partition what the predicate holds for, and nothing else. */
  private record Only(String f) implements StreamPartitioner<Object, Object> {
    @Override
    public Optional<Set<Integer>> partitions(String topic, Object key, Object value, int count) {
      return Optional.of(Functions.holds(f, key, value) ? Set.of(0) : Set.of());
    }
  }

  private static void process(Step step) {
    final Step.Stream in = step.stream();
    final String store = step.text("store");
    final Duration shift = step.time("shift");
    final boolean marks = step.flag("marks", false);
    step.builder().addStateStore(Remember.store(step.json()));
    if (step.op().equals("process")) {
      final ProcessorSupplier<Object, Object, Object, Object> remember = () -> new Remember(store, shift, marks);
      step.putStream(step.has("name") ? in.stream().process(remember, step.named(), store)
          : in.stream().process(remember, store), TEXT, TEXT);
    } else {
      final FixedKeyProcessorSupplier<Object, Object, Object> remember = () -> new RememberValues(store, shift);
      step.putStream(step.has("name") ? in.stream().processValues(remember, step.named(), store)
          : in.stream().processValues(remember, store), in.key(), TEXT);
    }
  }
}

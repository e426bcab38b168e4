package levada.reference;

import static levada.reference.Step.LONG;
import static levada.reference.Step.TEXT;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.KGroupedTable;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Suppressed;
import org.apache.kafka.streams.kstream.Suppressed.BufferConfig;
import org.apache.kafka.streams.kstream.Suppressed.StrictBufferConfig;
import org.apache.kafka.streams.kstream.ValueTransformerWithKey;
import org.apache.kafka.streams.kstream.ValueTransformerWithKeySupplier;
import org.apache.kafka.streams.processor.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Tables: from topics and streams, what changes them, and what comes out of them. */
final class TableSteps {
  private TableSteps() {}

  static boolean apply(Step step) {
    switch (step.op()) {
      case "table" -> source(step);
      case "global_table" -> step.put(step.isPlain()
          ? step.builder().globalTable(step.text("topic"), consumed(step))
          : step.builder().globalTable(step.text("topic"), consumed(step), store(step, TEXT)));
      case "to_table" -> {
        final Step.Stream in = step.stream();
        step.putTable(step.isPlain() ? in.stream().toTable(step.named(), withSerdes(step))
            : in.stream().toTable(step.named(), store(step, in.value())), TEXT, in.value());
      }
      case "to_stream" -> toStream(step);
      case "table_filter", "table_filter_not", "table_map_values" -> change(step);
      case "table_transform" -> transform(step);
      case "table_group_by" -> step.put(step.table().table().groupBy(
          (k, v) -> KeyValue.pair((Object) Functions.map(step.text("f"), k, v), v),
          Grouped.with(step.optional("name"), TEXT, step.table().value())));
      case "table_count", "table_reduce", "table_aggregate" -> aggregate(step);
      case "suppress" -> suppress(step);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Consumed<Object, Object> consumed(Step step) {
    final Consumed<Object, Object> consumed = step.withReset(Consumed.with(TEXT, TEXT));
    return step.has("name") ? consumed.withName(step.text("name")) : consumed;
  }

  /** As the step says, versioned if it says so. */
  static Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> store(
      Step step, org.apache.kafka.common.serialization.Serde<Object> value) {
    if (!step.has("history")) return step.materialized(value);
    final var supplier = Stores.persistentVersionedKeyValueStore(step.text("store"), step.time("history"));
    final Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> versioned = Materialized.as(supplier);
    return versioned.withKeySerde(TEXT).withValueSerde(value);
  }

  private static Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> withSerdes(Step step) {
    return Materialized.with(TEXT, step.stream().value());
  }

  private static void source(Step step) {
    step.putTable(step.isPlain() ? step.builder().table(step.text("topic"), consumed(step))
        : step.builder().table(step.text("topic"), consumed(step), store(step, TEXT)), TEXT, TEXT);
  }

  private static void toStream(Step step) {
    final Step.Table in = step.table();
    if (step.has("f")) {
      step.putStream(in.table().toStream((k, v) -> Functions.map(step.text("f"), k, v), step.named()), TEXT,
          in.value());
    } else {
      step.putStream(in.table().toStream(step.named()), in.key(), in.value());
    }
  }

  private static void change(Step step) {
    final Step.Table in = step.table();
    final String f = step.text("f");
    switch (step.op()) {
      case "table_filter" -> step.putTable(step.isPlain()
          ? in.table().filter((k, v) -> Functions.holds(f, k, v), step.named())
          : in.table().filter((k, v) -> Functions.holds(f, k, v), step.named(), store(step, in.value())), in.key(),
          in.value());
      case "table_filter_not" -> step.putTable(step.isPlain()
          ? in.table().filterNot((k, v) -> Functions.holds(f, k, v), step.named())
          : in.table().filterNot((k, v) -> Functions.holds(f, k, v), step.named(), store(step, in.value())), in.key(),
          in.value());
      default -> step.putTable(step.isPlain()
          ? in.table().mapValues((k, v) -> (Object) Functions.map(f, k, v), step.named())
          : in.table().mapValues((k, v) -> (Object) Functions.map(f, k, v), step.named(), store(step, TEXT)), in.key(),
          TEXT);
    }
  }

  private static void transform(Step step) {
    final Step.Table in = step.table();
    final ValueTransformerWithKeySupplier<Object, Object, Object> supplier = () -> new Transform(step.text("f"));
    step.putTable(step.isPlain() ? in.table().transformValues(supplier, step.named())
        : in.table().transformValues(supplier, store(step, TEXT), step.named()), in.key(), TEXT);
  }

  /** Sees rows that are not there, too. */
  private record Transform(String f) implements ValueTransformerWithKey<Object, Object, Object> {
    @Override
    public void init(ProcessorContext context) {}

    @Override
    public Object transform(Object key, Object row) {
      return Functions.map(f, key, row);
    }

    @Override
    public void close() {}
  }

  private static void aggregate(Step step) {
    final KGroupedTable<Object, Object> in = step.of("of");
    switch (step.op()) {
      case "table_count" -> {
        final Materialized<Object, Long, KeyValueStore<Bytes, byte[]>> counts = step.materialized(null);
        step.putTable(step.isPlain() ? in.count(step.named()) : in.count(step.named(), counts), TEXT, LONG);
      }
      case "table_reduce" -> step.putTable(
          in.reduce((soFar, next) -> Functions.join(step.text("f"), soFar, next),
              (soFar, old) -> Functions.join("subtract", soFar, old), step.named(), store(step, TEXT)), TEXT, TEXT);
      default -> step.putTable(
          in.aggregate(() -> "", (k, v, soFar) -> Functions.join(step.text("f"), soFar, v),
              (k, v, soFar) -> Functions.join("subtract", soFar, v), step.named(), store(step, TEXT)), TEXT, TEXT);
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void suppress(Step step) {
    final Step.Table in = step.table();
    Suppressed<?> how = step.flag("until_close", false) ? Suppressed.untilWindowCloses((StrictBufferConfig) buffer(step))
        : Suppressed.untilTimeLimit(step.time("wait"), buffer(step));
    if (step.has("name")) how = ((Suppressed<?>) how).withName(step.text("name"));
    step.putTable(((KTable) in.table()).suppress(how), in.key(), in.value());
  }

  private static BufferConfig<?> buffer(Step step) {
    final boolean inRecords = step.has("max_records");
    final boolean inBytes = step.has("max_bytes");
    if (!inRecords && !inBytes) return BufferConfig.unbounded();
    final long bytes = step.json().path("max_bytes").asLong();
    var buffer = inRecords ? BufferConfig.maxRecords(step.json().get("max_records").asLong())
        : BufferConfig.maxBytes(bytes);
    if (inRecords && inBytes) buffer = buffer.withMaxBytes(bytes);
    return step.flag("shut_down", false) ? buffer.shutDownWhenFull() : buffer;
  }
}

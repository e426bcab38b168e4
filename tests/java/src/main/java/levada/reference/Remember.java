package levada.reference;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Appends each value to what its key has had so far and emits the result; null forgets the key. */
final class Remember implements Processor<Object, Object, Object, Object> {
  private final String name;
  private final long shift;
  private final boolean marks;
  private ProcessorContext<Object, Object> context;
  private KeyValueStore<String, String> store;

  /** With `marks`, what it emits has one header more, with the value that came. */
  Remember(String name, Duration shift, boolean marks) {
    this.name = name;
    this.shift = shift.toMillis();
    this.marks = marks;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    this.context = context;
    store = context.getStateStore(name);
  }

  @Override
  public void process(Record<Object, Object> record) {
    final Record<Object, Object> next = record.withValue((Object) remember(store, record.key(), record.value()))
        .withTimestamp(shifted(record.timestamp(), shift));
    context.forward(marks ? next.withHeaders(marked(record)) : next);
  }

  private static Headers marked(Record<Object, Object> record) {
    final String value = Functions.text(record.value());
    return new RecordHeaders(record.headers()).add("m",
        value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  static long shifted(long time, long shift) {
    return Math.max(0, time + shift);
  }

  /** The store that a step describes. */
  static StoreBuilder<KeyValueStore<String, String>> store(JsonNode step) {
    final String store = step.get("store").asText();
    final var supplier = step.path("in_memory").asBoolean(false) ? Stores.inMemoryKeyValueStore(store)
        : Stores.persistentKeyValueStore(store);
    StoreBuilder<KeyValueStore<String, String>> builder =
        Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.String());
    if (step.path("caching").asBoolean(false)) builder = builder.withCachingEnabled();
    if (!step.path("logging").asBoolean(true)) builder = builder.withLoggingDisabled();
    return builder;
  }

  static String remember(KeyValueStore<String, String> store, Object key, Object value) {
    final String k = key == null ? "none" : Functions.text(key);
    final String next = value == null ? null : Functions.join("concat", store.get(k), value);
    store.put(k, next);
    return next;
  }
}

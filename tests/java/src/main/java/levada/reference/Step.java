package levada.reference;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.internals.NamedInternal;
import org.apache.kafka.streams.processor.StateStore;

/** One step of a case, with what the steps before it made. */
record Step(StreamsBuilder builder, Map<String, Object> handles, JsonNode json) {
  static final Serde<Object> TEXT = serde(Serdes.String());
  static final Serde<Object> LONG = serde(Serdes.Long());

  /** A stream or table, and how its keys and values become bytes. */
  record Stream(KStream<Object, Object> stream, Serde<Object> key, Serde<Object> value) {}

  record Table(KTable<Object, Object> table, Serde<Object> key, Serde<Object> value) {}

  @SuppressWarnings("unchecked")
  static Serde<Object> serde(Serde<?> serde) {
    return (Serde<Object>) serde;
  }

  String op() {
    return text("op");
  }

  boolean has(String field) {
    return json.has(field);
  }

  String text(String field) {
    return json.get(field).asText();
  }

  /** The field, or null. */
  String optional(String field) {
    return json.has(field) ? text(field) : null;
  }

  Duration time(String field) {
    return Duration.ofMillis(json.path(field).asLong(0));
  }

  boolean flag(String field, boolean otherwise) {
    return json.path(field).asBoolean(otherwise);
  }

  @SuppressWarnings("unchecked")
  <T> T of(String field) {
    return (T) handles.get(text(field));
  }

  Stream stream() {
    return of("of");
  }

  Table table() {
    return of("of");
  }

  void put(Object handle) {
    handles.put(text("as"), handle);
  }

  @SuppressWarnings("unchecked")
  void putStream(KStream<?, ?> stream, Serde<?> key, Serde<?> value) {
    put(new Stream((KStream<Object, Object>) stream, serde(key), serde(value)));
  }

  @SuppressWarnings("unchecked")
  void putTable(KTable<?, ?> table, Serde<?> key, Serde<?> value) {
    put(new Table((KTable<Object, Object>) table, serde(key), serde(value)));
  }

  /** The options with the step's reset policy, if it has one. */
  Consumed<Object, Object> withReset(Consumed<Object, Object> consumed) {
    if (!has("reset")) return consumed;
    return consumed.withOffsetResetPolicy(switch (text("reset")) {
      case "earliest" -> AutoOffsetReset.earliest();
      case "latest" -> AutoOffsetReset.latest();
      case "none" -> AutoOffsetReset.none();
      default -> AutoOffsetReset.byDuration(Duration.ofHours(1));
    });
  }

  Named named() {
    return has("name") ? Named.as(text("name")) : NamedInternal.empty();
  }

  /** Whether the call that takes no Materialized is meant. */
  boolean isPlain() {
    return flag("plain", false);
  }

  <V, S extends StateStore> Materialized<Object, V, S> materialized(Serde<V> value) {
    return materialized(TEXT, value);
  }

  <V, S extends StateStore> Materialized<Object, V, S> materialized(Serde<Object> key, Serde<V> value) {
    final Materialized<Object, V, S> all = has("store") ? Materialized.as(text("store")) : Materialized.with(null, null);
    return with(all, key, value);
  }

  private <V, S extends StateStore> Materialized<Object, V, S> with(
      Materialized<Object, V, S> all, Serde<Object> key, Serde<V> value) {
    all.withKeySerde(key).withValueSerde(value);
    if (!flag("caching", true)) all.withCachingDisabled();
    if (!flag("logging", true)) all.withLoggingDisabled();
    if (flag("in_memory", false)) all.withStoreType(Materialized.StoreType.IN_MEMORY);
    if (has("retention")) all.withRetention(time("retention"));
    return all;
  }
}

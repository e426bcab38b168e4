package levada.reference;

import static levada.reference.Step.TEXT;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.SessionWindow;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.state.VersionedKeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/** Processors over each kind of store, and global stores. */
final class StoreSteps {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HISTORY = Duration.ofSeconds(10);
  private static final Serde<String> STRING = Serdes.String();

  private StoreSteps() {}

  static boolean apply(Step step) {
    switch (step.op()) {
      case "keep" -> process(step, step.text("store"), () -> new Keep(step.text("store"), keeper(step)), store(step));
      case "global_store" -> globalStore(step);
      case "ask" -> {
        final String store = step.of("with");
        process(step, null, () -> new Ask(store), null);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void process(Step step, String store, ProcessorSupplier<Object, Object, Object, Object> supplier,
      StoreBuilder<?> builder) {
    final Step.Stream in = step.stream();
    if (builder != null) step.builder().addStateStore(builder);
    final String[] stores = store == null ? new String[0] : new String[] {store};
    step.putStream(step.has("name") ? in.stream().process(supplier, step.named(), stores)
        : in.stream().process(supplier, stores), TEXT, TEXT);
  }

  private static void globalStore(Step step) {
    final Consumed<Object, Object> consumed = Consumed.with(TEXT, TEXT);
    final String store = step.text("store");
    step.builder().addGlobalStore(Remember.store(step.json()), step.text("topic"),
        step.has("name") ? consumed.withName(step.text("name")) : consumed, () -> new Fill(store));
    step.put(store);
  }

  private static StoreBuilder<?> store(Step step) {
    final StoreBuilder<?> builder = plainStore(step, step.text("kind"), step.text("store"));
    if (step.flag("caching", false)) builder.withCachingEnabled();
    if (!step.flag("logging", true)) builder.withLoggingDisabled();
    return builder;
  }

  private static StoreBuilder<?> plainStore(Step step, String kind, String name) {
    final boolean inMemory = step.flag("in_memory", false);
    final Duration kept = step.time("kept");
    return switch (kind) {
      case "windows" -> Stores.windowStoreBuilder(
          inMemory ? Stores.inMemoryWindowStore(name, kept, SECOND, false)
              : Stores.persistentWindowStore(name, kept, SECOND, false), STRING, STRING);
      case "sessions" -> Stores.sessionStoreBuilder(
          inMemory ? Stores.inMemorySessionStore(name, kept) : Stores.persistentSessionStore(name, kept),
          STRING, STRING);
      case "versions" -> Stores.versionedKeyValueStoreBuilder(
          Stores.persistentVersionedKeyValueStore(name, HISTORY), STRING, STRING);
      case "timed" -> Stores.timestampedKeyValueStoreBuilder(
          inMemory ? Stores.inMemoryKeyValueStore(name) : Stores.persistentTimestampedKeyValueStore(name), STRING,
          STRING);
      case "own" -> Tally.builder(name);
      default -> Stores.keyValueStoreBuilder(Stores.lruMap(name, 2), STRING, STRING);
    };
  }

  /** Keeps the value of the key in the store, and answers with what was near in time. */
  private interface Keeper {
    String keep(StateStore store, String key, String value, long time);
  }

  @SuppressWarnings("unchecked")
  private static Keeper keeper(Step step) {
    return switch (step.text("kind")) {
      case "windows" -> (store, key, value, time) -> keep((WindowStore<String, String>) store, key, value, time);
      case "sessions" -> (store, key, value, time) -> keep((SessionStore<String, String>) store, key, value, time);
      case "versions" ->
          (store, key, value, time) -> keep((VersionedKeyValueStore<String, String>) store, key, value, time);
      case "timed" ->
          (store, key, value, time) -> keep((TimestampedKeyValueStore<String, String>) store, key, value, time);
      case "own" -> (store, key, value, time) -> joined(value, Integer.toString(((Tally) store).add(key)));
      default ->
          (store, key, value, time) -> Remember.remember((KeyValueStore<String, String>) store, key, value);
    };
  }

  private static String joined(String left, String right) {
    return Functions.join("concat", left, right);
  }

  private static String keep(WindowStore<String, String> store, String key, String value, long time) {
    store.put(key, value, time - time % SECOND.toMillis());
    String all = null;
    try (var found = store.fetch(key, Remember.shifted(time, -3000), time)) {
      while (found.hasNext()) all = joined(all, found.next().value);
    }
    return all;
  }

  private static String keep(SessionStore<String, String> store, String key, String value, long time) {
    final List<KeyValue<Windowed<String>, String>> sessions = new ArrayList<>();
    try (var found = store.findSessions(key, Remember.shifted(time, -1000), time + 1000)) {
      found.forEachRemaining(sessions::add);
    }
    long start = time;
    long end = time;
    String all = null;
    for (var session : sessions) {
      start = Math.min(start, session.key.window().start());
      end = Math.max(end, session.key.window().end());
      all = joined(all, session.value);
      store.remove(session.key);
    }
    if (value == null) return all;
    all = joined(all, value);
    store.put(new Windowed<>(key, new SessionWindow(start, end)), all);
    return all;
  }

  private static String keep(VersionedKeyValueStore<String, String> store, String key, String value, long time) {
    store.put(key, value, time);
    final var before = store.get(key, Remember.shifted(time, -2000));
    final var latest = store.get(key);
    return joined(before == null ? null : before.value(), latest == null ? null : latest.value());
  }

  private static String keep(TimestampedKeyValueStore<String, String> store, String key, String value, long time) {
    final ValueAndTimestamp<String> before = store.get(key);
    store.put(key, ValueAndTimestamp.make(value, time));
    return before == null ? null : joined(before.value(), Long.toString(before.timestamp()));
  }

  private static final class Keep implements Processor<Object, Object, Object, Object> {
    private final String name;
    private final Keeper keeper;
    private ProcessorContext<Object, Object> context;
    private StateStore store;

    Keep(String name, Keeper keeper) {
      this.name = name;
      this.keeper = keeper;
    }

    @Override
    public void init(ProcessorContext<Object, Object> context) {
      this.context = context;
      store = context.getStateStore(name);
    }

    @Override
    public void process(Record<Object, Object> record) {
      final String key = record.key() == null ? "none" : Functions.text(record.key());
      context.forward(
          record.withValue((Object) keeper.keep(store, key, Functions.text(record.value()), record.timestamp())));
    }
  }
}

package levada.reference;

import static levada.reference.Step.LONG;
import static levada.reference.Step.TEXT;

import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.CogroupedKStream;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Merger;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.SessionWindowedKStream;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.UnlimitedWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.WindowStore;

/** Grouping, windows, co-grouping, and the aggregations of them. */
@SuppressWarnings("unchecked")
final class GroupSteps {
  private GroupSteps() {}

  /** A windowed stream, with the serde of the keys its tables have. */
  private record Windowed<T>(T stream, Serde<Object> key) {}

  static boolean apply(Step step) {
    switch (step.op()) {
      case "group_by_key" -> {
        final Step.Stream in = step.stream();
        step.put(in.stream().groupByKey(Grouped.with(step.optional("name"), in.key(), in.value())));
      }
      case "group_by" -> {
        final Step.Stream in = step.stream();
        step.put(in.stream().groupBy(
            (k, v) -> (Object) Functions.map(step.text("f"), k, v),
            Grouped.with(step.optional("name"), TEXT, in.value())));
      }
      case "window" -> window(step);
      case "cogroup" -> cogroup(step);
      case "count" -> count(step);
      case "reduce" -> reduce(step);
      case "aggregate" -> aggregate(step);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Aggregator<Object, Object, Object> aggregator(Step step, String field) {
    final String f = step.text(field);
    return (k, v, soFar) -> Functions.join(f, soFar, v);
  }

  private static Initializer<Object> initial() {
    return () -> "";
  }

  private static Merger<Object, Object> merger() {
    return (k, left, right) -> Functions.join("concat", left, right);
  }

  private static TimeWindows timeWindows(Step step) {
    final TimeWindows windows = TimeWindows.ofSizeAndGrace(step.time("size"), step.time("grace"));
    return step.has("advance") ? windows.advanceBy(step.time("advance")) : windows;
  }

  private static SlidingWindows slidingWindows(Step step) {
    return SlidingWindows.ofTimeDifferenceAndGrace(step.time("size"), step.time("grace"));
  }

  private static SessionWindows sessionWindows(Step step) {
    return SessionWindows.ofInactivityGapAndGrace(step.time("gap"), step.time("grace"));
  }

  private static UnlimitedWindows unlimitedWindows(Step step) {
    return UnlimitedWindows.of().startOn(Instant.ofEpochMilli(step.time("start").toMillis()));
  }

  private static Serde<Object> windowedKey(Step step) {
    if (step.text("windows").equals("unlimited")) {
      return Step.serde(WindowedSerdes.timeWindowedSerdeFrom(String.class, Long.MAX_VALUE));
    }
    return Step.serde(step.text("windows").equals("session") ? WindowedSerdes.sessionWindowedSerdeFrom(String.class)
        : WindowedSerdes.timeWindowedSerdeFrom(String.class, step.time("size").toMillis()));
  }

  private static void window(Step step) {
    final KGroupedStream<Object, Object> in = step.of("of");
    final EmitStrategy emit =
        step.flag("on_close", false) ? EmitStrategy.onWindowClose() : EmitStrategy.onWindowUpdate();
    step.put(new Windowed<>(switch (step.text("windows")) {
      case "time" -> in.windowedBy(timeWindows(step)).emitStrategy(emit);
      case "sliding" -> in.windowedBy(slidingWindows(step)).emitStrategy(emit);
      case "unlimited" -> in.windowedBy(unlimitedWindows(step));
      default -> in.windowedBy(sessionWindows(step)).emitStrategy(emit);
    }, windowedKey(step)));
  }

  private static void cogroup(Step step) {
    final KGroupedStream<Object, Object> in = step.of("of");
    final KGroupedStream<Object, Object> other = step.of("with");
    final CogroupedKStream<Object, Object> both =
        in.cogroup(aggregator(step, "f")).cogroup(other, aggregator(step, "g"));
    if (!step.has("windows")) {
      put(step, both.aggregate(initial(), step.named(), keyValue(step)), TEXT, TEXT);
      return;
    }
    put(step, switch (step.text("windows")) {
      case "time" -> both.windowedBy(timeWindows(step)).aggregate(initial(), step.named(), windows(step));
      case "sliding" -> both.windowedBy(slidingWindows(step)).aggregate(initial(), step.named(), windows(step));
      case "unlimited" -> both.windowedBy(unlimitedWindows(step)).aggregate(initial(), step.named(), windows(step));
      default ->
          both.windowedBy(sessionWindows(step)).aggregate(initial(), merger(), step.named(), session(step));
    }, windowedKey(step), TEXT);
  }

  private static void count(Step step) {
    final Object in = step.of("of");
    if (in instanceof KGroupedStream<?, ?> grouped) {
      put(step, step.isPlain() ? grouped.count(step.named()) : counted((KGroupedStream<Object, Object>) grouped, step),
          TEXT, LONG);
      return;
    }
    final Windowed<?> windowed = (Windowed<?>) in;
    if (windowed.stream() instanceof TimeWindowedKStream<?, ?> stream) {
      final var typed = (TimeWindowedKStream<Object, Object>) stream;
      put(step, step.isPlain() ? typed.count(step.named())
          : typed.count(step.named(), step.<Long, WindowStore<Bytes, byte[]>>materialized(null)), windowed.key(), LONG);
    } else {
      final var typed = (SessionWindowedKStream<Object, Object>) windowed.stream();
      put(step, step.isPlain() ? typed.count(step.named())
          : typed.count(step.named(), step.<Long, SessionStore<Bytes, byte[]>>materialized(null)), windowed.key(),
          LONG);
    }
  }

  private static KTable<?, ?> counted(KGroupedStream<Object, Object> in, Step step) {
    return in.count(step.named(), step.<Long, KeyValueStore<Bytes, byte[]>>materialized(null));
  }

  private static void reduce(Step step) {
    final Object in = step.of("of");
    final Reducer<Object> reducer = (soFar, next) -> Functions.join(step.text("f"), soFar, next);
    if (in instanceof KGroupedStream<?, ?> grouped) {
      final var typed = (KGroupedStream<Object, Object>) grouped;
      put(step, step.isPlain() ? typed.reduce(reducer)
          : typed.reduce(reducer, step.named(), step.<Object, KeyValueStore<Bytes, byte[]>>materialized(TEXT)), TEXT,
          TEXT);
      return;
    }
    final Windowed<?> windowed = (Windowed<?>) in;
    if (windowed.stream() instanceof TimeWindowedKStream<?, ?> stream) {
      final var typed = (TimeWindowedKStream<Object, Object>) stream;
      put(step, step.isPlain() ? typed.reduce(reducer)
          : typed.reduce(reducer, step.named(), step.<Object, WindowStore<Bytes, byte[]>>materialized(TEXT)),
          windowed.key(), TEXT);
    } else {
      final var typed = (SessionWindowedKStream<Object, Object>) windowed.stream();
      put(step, step.isPlain() ? typed.reduce(reducer)
          : typed.reduce(reducer, step.named(), step.<Object, SessionStore<Bytes, byte[]>>materialized(TEXT)),
          windowed.key(), TEXT);
    }
  }

  private static void aggregate(Step step) {
    final Object in = step.of("of");
    final Aggregator<Object, Object, Object> add = aggregator(step, "f");
    if (in instanceof KGroupedStream<?, ?> grouped) {
      final var typed = (KGroupedStream<Object, Object>) grouped;
      put(step, typed.aggregate(initial(), add, step.named(), keyValue(step)), TEXT, TEXT);
      return;
    }
    final Windowed<?> windowed = (Windowed<?>) in;
    if (windowed.stream() instanceof TimeWindowedKStream<?, ?> stream) {
      final var typed = (TimeWindowedKStream<Object, Object>) stream;
      put(step, typed.aggregate(initial(), add, step.named(), windows(step)), windowed.key(), TEXT);
    } else {
      final var typed = (SessionWindowedKStream<Object, Object>) windowed.stream();
      put(step, typed.aggregate(initial(), add, merger(), step.named(), session(step)), windowed.key(), TEXT);
    }
  }

  private static Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> keyValue(
      Step step) {
    return step.materialized(TEXT);
  }

  private static Materialized<Object, Object, WindowStore<Bytes, byte[]>> windows(
      Step step) {
    return step.materialized(TEXT);
  }

  private static Materialized<Object, Object, SessionStore<Bytes, byte[]>> session(
      Step step) {
    return step.materialized(TEXT);
  }

  private static void put(Step step, KTable<?, ?> table, Serde<?> key, Serde<?> value) {
    step.putTable(table, key, value);
  }
}

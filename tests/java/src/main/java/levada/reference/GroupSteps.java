package levada.reference;

import static levada.reference.Step.LONG;
import static levada.reference.Step.TEXT;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.Aggregator;
import org.apache.kafka.streams.kstream.CogroupedKStream;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Initializer;
import org.apache.kafka.streams.kstream.KGroupedStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Merger;
import org.apache.kafka.streams.kstream.Reducer;
import org.apache.kafka.streams.kstream.SessionWindowedCogroupedKStream;
import org.apache.kafka.streams.kstream.SessionWindowedKStream;
import org.apache.kafka.streams.kstream.SessionWindows;
import org.apache.kafka.streams.kstream.SlidingWindows;
import org.apache.kafka.streams.kstream.TimeWindowedCogroupedKStream;
import org.apache.kafka.streams.kstream.TimeWindowedKStream;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.SessionStore;
import org.apache.kafka.streams.state.WindowStore;

/** Grouping, windows, co-grouping, and the aggregations of them. */
final class GroupSteps {
  private GroupSteps() {}

  /** A windowed stream, grouped or co-grouped, with the serde of the keys its tables have. */
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
      case "cogroup" -> {
        final KGroupedStream<Object, Object> in = step.of("of");
        step.put(in.cogroup(aggregator(step)));
      }
      case "cogroup_more" -> {
        final CogroupedKStream<Object, Object> in = step.of("of");
        final KGroupedStream<Object, Object> other = step.of("with");
        step.put(in.cogroup(other, aggregator(step)));
      }
      case "time_windows" -> timeWindows(step);
      case "sliding_windows" -> slidingWindows(step);
      case "session_windows" -> sessionWindows(step);
      case "count" -> count(step);
      case "reduce" -> reduce(step);
      case "aggregate" -> aggregate(step);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static Aggregator<Object, Object, Object> aggregator(Step step) {
    return (k, v, soFar) -> Functions.join(step.text("f"), soFar, v);
  }

  private static Initializer<Object> initial() {
    return () -> "";
  }

  private static EmitStrategy emit(Step step) {
    return step.flag("on_close", false) ? EmitStrategy.onWindowClose() : EmitStrategy.onWindowUpdate();
  }

  private static void timeWindows(Step step) {
    TimeWindows windows = TimeWindows.ofSizeAndGrace(step.time("size"), step.time("grace"));
    if (step.has("advance")) windows = windows.advanceBy(step.time("advance"));
    final Serde<Object> key =
        Step.serde(WindowedSerdes.timeWindowedSerdeFrom(String.class, step.time("size").toMillis()));
    if (step.of("of") instanceof KGroupedStream) {
      final KGroupedStream<Object, Object> in = step.of("of");
      step.put(new Windowed<>(in.windowedBy(windows).emitStrategy(emit(step)), key));
    } else {
      final CogroupedKStream<Object, Object> in = step.of("of");
      step.put(new Windowed<>(in.windowedBy(windows), key));
    }
  }

  private static void slidingWindows(Step step) {
    final SlidingWindows windows = SlidingWindows.ofTimeDifferenceAndGrace(step.time("size"), step.time("grace"));
    final Serde<Object> key =
        Step.serde(WindowedSerdes.timeWindowedSerdeFrom(String.class, step.time("size").toMillis()));
    if (step.of("of") instanceof KGroupedStream) {
      final KGroupedStream<Object, Object> in = step.of("of");
      step.put(new Windowed<>(in.windowedBy(windows).emitStrategy(emit(step)), key));
    } else {
      final CogroupedKStream<Object, Object> in = step.of("of");
      step.put(new Windowed<>(in.windowedBy(windows), key));
    }
  }

  private static void sessionWindows(Step step) {
    final SessionWindows windows = SessionWindows.ofInactivityGapAndGrace(step.time("gap"), step.time("grace"));
    final Serde<Object> key = Step.serde(WindowedSerdes.sessionWindowedSerdeFrom(String.class));
    if (step.of("of") instanceof KGroupedStream) {
      final KGroupedStream<Object, Object> in = step.of("of");
      step.put(new Windowed<>(in.windowedBy(windows).emitStrategy(emit(step)), key));
    } else {
      final CogroupedKStream<Object, Object> in = step.of("of");
      step.put(new Windowed<>(in.windowedBy(windows), key));
    }
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
    final Aggregator<Object, Object, Object> add = step.has("f") ? aggregator(step) : null;
    final Merger<Object, Object> merger = (k, left, right) -> Functions.join("concat", left, right);
    if (in instanceof KGroupedStream<?, ?> grouped) {
      final var typed = (KGroupedStream<Object, Object>) grouped;
      put(step, typed.aggregate(initial(), add, step.named(), keyValue(step)), TEXT, TEXT);
    } else if (in instanceof CogroupedKStream<?, ?> cogrouped) {
      final var typed = (CogroupedKStream<Object, Object>) cogrouped;
      put(step, typed.aggregate(initial(), step.named(), keyValue(step)), TEXT, TEXT);
    } else {
      final Windowed<?> windowed = (Windowed<?>) in;
      put(step, aggregated(windowed.stream(), step, add, merger), windowed.key(), TEXT);
    }
  }

  private static KTable<?, ?> aggregated(
      Object stream, Step step, Aggregator<Object, Object, Object> add, Merger<Object, Object> merger) {
    if (stream instanceof TimeWindowedKStream<?, ?> windowed) {
      return ((TimeWindowedKStream<Object, Object>) windowed).aggregate(initial(), add, step.named(), window(step));
    }
    if (stream instanceof SessionWindowedKStream<?, ?> windowed) {
      return ((SessionWindowedKStream<Object, Object>) windowed)
          .aggregate(initial(), add, merger, step.named(), session(step));
    }
    if (stream instanceof TimeWindowedCogroupedKStream<?, ?> windowed) {
      return ((TimeWindowedCogroupedKStream<Object, Object>) windowed).aggregate(initial(), step.named(), window(step));
    }
    return ((SessionWindowedCogroupedKStream<Object, Object>) stream)
        .aggregate(initial(), merger, step.named(), session(step));
  }

  private static org.apache.kafka.streams.kstream.Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> keyValue(
      Step step) {
    return step.materialized(TEXT);
  }

  private static org.apache.kafka.streams.kstream.Materialized<Object, Object, WindowStore<Bytes, byte[]>> window(
      Step step) {
    return step.materialized(TEXT);
  }

  private static org.apache.kafka.streams.kstream.Materialized<Object, Object, SessionStore<Bytes, byte[]>> session(
      Step step) {
    return step.materialized(TEXT);
  }

  private static void put(Step step, KTable<?, ?> table, Serde<?> key, Serde<?> value) {
    step.putTable(table, key, value);
  }
}

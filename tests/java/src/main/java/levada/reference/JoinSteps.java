package levada.reference;

import static levada.reference.Step.TEXT;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.kstream.GlobalKTable;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.StreamJoined;
import org.apache.kafka.streams.kstream.TableJoined;
import org.apache.kafka.streams.kstream.ValueJoiner;
import org.apache.kafka.streams.state.KeyValueStore;

/** Joins of streams, tables and global tables. */
final class JoinSteps {
  private JoinSteps() {}

  static boolean apply(Step step) {
    switch (step.op()) {
      case "stream_join", "stream_left_join", "stream_outer_join" -> streams(step);
      case "stream_table_join", "stream_table_left_join" -> streamTable(step);
      case "global_join", "global_left_join" -> global(step);
      case "table_join", "table_left_join", "table_outer_join" -> tables(step);
      case "fk_join", "fk_left_join" -> foreignKey(step);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static ValueJoiner<Object, Object, Object> joiner(Step step) {
    return (left, right) -> Functions.join(step.text("f"), left, right);
  }

  private static void streams(Step step) {
    final Step.Stream in = step.stream();
    final Step.Stream other = step.of("with");
    final JoinWindows windows =
        JoinWindows.ofTimeDifferenceAndGrace(step.time("before"), step.time("grace")).after(step.time("after"));
    StreamJoined<Object, Object, Object> joined = StreamJoined.with(TEXT, in.value(), other.value());
    if (step.has("name")) joined = joined.withName(step.text("name"));
    if (step.has("store")) joined = joined.withStoreName(step.text("store"));
    if (!step.flag("logging", true)) joined = joined.withLoggingDisabled();
    if (step.flag("in_memory", false)) joined = joined.withDslStoreSuppliers(Materialized.StoreType.IN_MEMORY);
    step.putStream(switch (step.op()) {
      case "stream_join" -> in.stream().join(other.stream(), joiner(step), windows, joined);
      case "stream_left_join" -> in.stream().leftJoin(other.stream(), joiner(step), windows, joined);
      default -> in.stream().outerJoin(other.stream(), joiner(step), windows, joined);
    }, TEXT, TEXT);
  }

  private static void streamTable(Step step) {
    final Step.Stream in = step.stream();
    final Step.Table other = step.of("with");
    Joined<Object, Object, Object> joined = Joined.with(TEXT, in.value(), other.value());
    if (step.has("name")) joined = joined.withName(step.text("name"));
    if (step.has("grace")) joined = joined.withGracePeriod(step.time("grace"));
    final KStream<Object, Object> out = step.op().equals("stream_table_join")
        ? in.stream().join(other.table(), joiner(step), joined)
        : in.stream().leftJoin(other.table(), joiner(step), joined);
    step.putStream(out, TEXT, TEXT);
  }

  private static void global(Step step) {
    final Step.Stream in = step.stream();
    final GlobalKTable<Object, Object> other = step.of("with");
    final String key = step.text("key");
    final KStream<Object, Object> out = step.op().equals("global_join")
        ? in.stream().join(other, (k, v) -> Functions.map(key, k, v), joiner(step), step.named())
        : in.stream().leftJoin(other, (k, v) -> Functions.map(key, k, v), joiner(step), step.named());
    step.putStream(out, in.key(), TEXT);
  }

  private static void tables(Step step) {
    final KTable<Object, Object> in = step.table().table();
    final KTable<Object, Object> other = step.<Step.Table>of("with").table();
    final var store = TableSteps.store(step, TEXT);
    final boolean plain = step.isPlain();
    step.putTable(switch (step.op()) {
      case "table_join" -> plain ? in.join(other, joiner(step), step.named())
          : in.join(other, joiner(step), step.named(), store);
      case "table_left_join" -> plain ? in.leftJoin(other, joiner(step), step.named())
          : in.leftJoin(other, joiner(step), step.named(), store);
      default -> plain ? in.outerJoin(other, joiner(step), step.named())
          : in.outerJoin(other, joiner(step), step.named(), store);
    }, TEXT, TEXT);
  }

  private static void foreignKey(Step step) {
    final KTable<Object, Object> in = step.table().table();
    final KTable<Object, Object> other = step.<Step.Table>of("with").table();
    final String key = step.text("key");
    final boolean keyed = step.flag("keyed", false);
    final BiFunction<Object, Object, Object> foreign = (k, value) -> Functions.map(key, keyed ? k : null, value);
    final Function<Object, Object> ofValue = value -> foreign.apply(null, value);
    final Materialized<Object, Object, KeyValueStore<Bytes, byte[]>> store = step.materialized(TEXT);
    final TableJoined<Object, Object> joined =
        step.has("name") ? TableJoined.as(step.text("name")) : TableJoined.with(null, null);
    final boolean inner = step.op().equals("fk_join");
    if (keyed) {
      step.putTable(inner ? in.join(other, foreign, joiner(step), joined, store)
          : in.leftJoin(other, foreign, joiner(step), joined, store), TEXT, TEXT);
    } else {
      step.putTable(inner ? in.join(other, ofValue, joiner(step), joined, store)
          : in.leftJoin(other, ofValue, joiner(step), joined, store), TEXT, TEXT);
    }
  }
}

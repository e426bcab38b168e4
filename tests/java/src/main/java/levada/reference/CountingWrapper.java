package levada.reference;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/** Counts the records that each processor is given. Kafka Streams makes it by name, so what it counts is static. */
public final class CountingWrapper implements ProcessorWrapper {
  private static final Map<String, Integer> COUNTS = new TreeMap<>();

  static Map<String, Integer> take() {
    final Map<String, Integer> counts = new TreeMap<>(COUNTS);
    COUNTS.clear();
    return counts;
  }

  @Override
  public <A, B, C, D> WrappedProcessorSupplier<A, B, C, D> wrapProcessorSupplier(String name,
      ProcessorSupplier<A, B, C, D> supplier) {
    return ProcessorWrapper.asWrapped(new ProcessorSupplier<>() {
      @Override
      public Processor<A, B, C, D> get() {
        return new Counting<>(name, supplier.get());
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return supplier.stores();
      }
    });
  }

  @Override
  public <A, B, C> WrappedFixedKeyProcessorSupplier<A, B, C> wrapFixedKeyProcessorSupplier(String name,
      FixedKeyProcessorSupplier<A, B, C> supplier) {
    return ProcessorWrapper.asWrappedFixedKey(new FixedKeyProcessorSupplier<>() {
      @Override
      public FixedKeyProcessor<A, B, C> get() {
        return new CountingValues<>(name, supplier.get());
      }

      @Override
      public Set<StoreBuilder<?>> stores() {
        return supplier.stores();
      }
    });
  }

  private record Counting<A, B, C, D>(String name, Processor<A, B, C, D> inner) implements Processor<A, B, C, D> {
    @Override
    public void init(ProcessorContext<C, D> context) {
      COUNTS.putIfAbsent(name, 0);
      inner.init(context);
    }

    @Override
    public void process(Record<A, B> record) {
      COUNTS.merge(name, 1, Integer::sum);
      inner.process(record);
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  private record CountingValues<A, B, C>(String name, FixedKeyProcessor<A, B, C> inner)
      implements FixedKeyProcessor<A, B, C> {
    @Override
    public void init(FixedKeyProcessorContext<A, C> context) {
      COUNTS.putIfAbsent(name, 0);
      inner.init(context);
    }

    @Override
    public void process(FixedKeyRecord<A, B> record) {
      COUNTS.merge(name, 1, Integer::sum);
      inner.process(record);
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}

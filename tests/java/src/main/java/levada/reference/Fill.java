package levada.reference;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Fills a global store as {@link Remember} does another. */
final class Fill implements Processor<Object, Object, Void, Void> {
  private final String name;
  private KeyValueStore<String, String> store;

  Fill(String name) {
    this.name = name;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(name);
  }

  @Override
  public void process(Record<Object, Object> record) {
    Remember.remember(store, record.key(), record.value());
  }
}

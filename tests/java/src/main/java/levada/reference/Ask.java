package levada.reference;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Appends each value to what a global store has of its key, and leaves the store as it is. */
final class Ask implements Processor<Object, Object, Object, Object> {
  private final String name;
  private ProcessorContext<Object, Object> context;
  private KeyValueStore<String, String> store;

  Ask(String name) {
    this.name = name;
  }

  @Override
  public void init(ProcessorContext<Object, Object> context) {
    this.context = context;
    store = context.getStateStore(name);
  }

  @Override
  public void process(Record<Object, Object> record) {
    final String key = record.key() == null ? "none" : Functions.text(record.key());
    context.forward(record.withValue((Object) Functions.join("concat", store.get(key), record.value())));
  }
}

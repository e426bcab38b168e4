package levada.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** JSON with Jackson, through the prepared readers and writers its documentation recommends for speed. */
final class JsonSerde {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private JsonSerde() {}

  static <T> Serde<T> of(Class<T> type) {
    final ObjectReader reader = MAPPER.readerFor(type);
    final ObjectWriter writer = MAPPER.writerFor(type);
    return Serdes.serdeFrom((topic, value) -> write(writer, value), (topic, bytes) -> read(reader, bytes));
  }

  private static byte[] write(ObjectWriter writer, Object value) {
    try {
      return value == null ? null : writer.writeValueAsBytes(value);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static <T> T read(ObjectReader reader, byte[] bytes) {
    try {
      return bytes == null ? null : reader.readValue(bytes);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}

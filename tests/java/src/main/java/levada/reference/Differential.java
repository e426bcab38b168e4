package levada.reference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs cases of the differential test: reads one a line, as JSON, and answers what Kafka Streams made of it. */
public final class Differential {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Differential() {}

  public static void main(String[] args) throws IOException {
    final var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    final var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(JSON.writeValueAsString(answer(line)));
    }
  }

  private static ObjectNode answer(String line) {
    try {
      return new CaseRun(JSON.readTree(line)).run();
    } catch (Exception error) {
      final Throwable cause = error.getCause() == null ? error : error.getCause();
      return JSON.createObjectNode().put("error", error + " / " + cause);
    }
  }
}

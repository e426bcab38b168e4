package levada.bench;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** The part of an order event the jobs use; other fields are ignored, as in the C++ jobs. */
@JsonIgnoreProperties(ignoreUnknown = true)
public final class Order {
  public String type;
  public String orderId;
  public Data data;
  public String timestamp;

  @JsonIgnoreProperties(ignoreUnknown = true)
  public static final class Data {
    public double amount;
  }

  /** What the job stateless writes. */
  public record Payment(String orderId, double amount) {}
}

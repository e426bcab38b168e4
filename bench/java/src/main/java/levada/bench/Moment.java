package levada.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Seconds of the wall clock, and of the CPU time the process has used. */
record Moment(double wall, double cpu) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  static Moment now() {
    return new Moment(System.nanoTime() * 1e-9, SYSTEM.getProcessCpuTime() * 1e-9);
  }

  Moment since(Moment start) {
    return new Moment(wall - start.wall, cpu - start.cpu);
  }
}

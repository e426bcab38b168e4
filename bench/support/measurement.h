// What one run of a job cost: wall and CPU time of the whole process between its first and its last record.
//
//   Measurement measurement;
//   measurement.begin();                 // at every record; the first one counts
//   measurement.processed(inputs);       // after a batch: the last one counts
//   measurement.committed();             // everything is committed
//   print_report(merge({measurement}));
//
// One per worker thread, merged at the end.
#pragma once

#include <cstdint>
#include <vector>

namespace bench {

// A moment in seconds: of the wall clock, and of the CPU time this process had used by then.
struct Moment {
  double wall = 0;
  double cpu = 0;

  static Moment now();
};

class Measurement {
 public:
  void begin() {
    if (!begun_) start();
  }
  // `inputs` of the records came from the input topic; the others, from a repartition topic, only take time.
  void processed(std::int64_t inputs);
  void committed();

  // The run of all workers: from the first begin to the last record and to the last commit.
  friend Measurement merge(const std::vector<Measurement>& workers);
  friend void print_report(const Measurement& run);

 private:
  void start();

  bool begun_ = false;
  std::int64_t inputs_ = 0;
  Moment first_;
  Moment last_;
  Moment committed_;
};

Measurement merge(const std::vector<Measurement>& workers);

// One JSON line on stdout: records, wall_s and cpu_s from the first to the last record, committed_wall_s and
// committed_cpu_s from the first record until everything was committed, peak_rss_mb.
void print_report(const Measurement& run);

}  // namespace bench

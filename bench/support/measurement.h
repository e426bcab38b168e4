// What one run of a job cost: wall and CPU time of the whole process between its first and its last record.
//
//   Measurement measurement;
//   measurement.begin();                 // at every record; the first one counts
//   measurement.processed(inputs);       // after a batch: the last one counts
//   measurement.committed();             // everything is committed
//   print(report_of({measurement}));
//
// One per worker thread, joined in the report.
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

// State rebuilt before the run: changelog records, and the time from the first store's start to the last one's end.
struct Restored {
  std::uint64_t records = 0;
  double wall_s = 0;
  double cpu_s = 0;
};

struct Report {
  std::int64_t records = 0;  // of the input
  double wall_s = 0;         // from the first record to the last one, of repartition topics too
  double cpu_s = 0;
  double committed_cpu_s = 0;  // from the first record until everything was committed
  Restored restored = {};
};

// One JSON line on stdout: the report, and peak_rss_mb.
void print(const Report& report);

class Measurement {
 public:
  void begin() {
    if (!begun_) start();
  }
  // `inputs` of the records came from the input topic; the others, from a repartition topic, only take time.
  void processed(std::int64_t inputs);
  void committed();

  // The run of all workers: from the first begin to the last record and to the last commit.
  friend Report report_of(const std::vector<Measurement>& workers);

 private:
  void start();

  bool begun_ = false;
  std::int64_t inputs_ = 0;
  Moment first_;
  Moment last_;
  Moment committed_;
};

Report report_of(const std::vector<Measurement>& workers);

}  // namespace bench

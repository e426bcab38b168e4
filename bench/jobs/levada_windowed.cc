// The job *windowed* on Levada: records by key and hour of event time.

#include "bench/jobs/levada_run.h"

int main(int argc, char** argv) {
  return bench::run_levada_job(
      argc, argv, "Job windowed on Levada.", [](levada::StreamsBuilder& builder, const bench::LevadaJob& job) {
        builder.stream<std::string, std::string>(job.input)
            .group_by_key()
            .windowed_by(levada::TimeWindows::of(std::chrono::hours(1), {.grace = std::chrono::hours(24)}))
            .count({.store = "counts"})
            .to_stream()
            .to(job.output);
      });
}

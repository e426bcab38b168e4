// The job *count by key* on Levada.

#include "bench/jobs/levada_run.h"

int main(int argc, char** argv) {
  return bench::run_levada_job(argc, argv, "Job count by key on Levada.",
                               [](levada::StreamsBuilder& builder, const bench::LevadaJob& job) {
                                 builder.stream<std::string, std::string>(job.input)
                                     .group_by_key()
                                     .count({.store = "counts"})
                                     .to_stream()
                                     .to(job.output);
                               });
}

// The job *stateless* on Levada.

#include "bench/jobs/levada_run.h"
#include "bench/jobs/stateless_topology.h"

int main(int argc, char** argv) {
  return bench::run_levada_job(argc, argv, "Job stateless on Levada.",
                               [](levada::StreamsBuilder& builder, const bench::LevadaJob& job) {
                                 bench::add_stateless(builder, job.input, job.output);
                               });
}

// Kafka Streams itself, in a Java process that runs one case after the other.
//
//   Reference kafka_streams;
//   nlohmann::json answer = kafka_streams.run(test_case);     // as run_case() answers
//
// The process is built and started in the constructor and ends with the object. Throws std::runtime_error when it
// cannot be started or dies.
#pragma once

#include <cstdio>

#include <nlohmann/json.hpp>
#include <sys/types.h>

namespace levada::differential {

class Reference {
 public:
  Reference();
  ~Reference();
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  nlohmann::json run(const nlohmann::json& test_case);

 private:
  pid_t process_ = -1;
  FILE* in_ = nullptr;
  FILE* out_ = nullptr;
};

}  // namespace levada::differential

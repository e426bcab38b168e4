#include "tests/differential/reference.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/places.h"

namespace levada::differential {

Reference::Reference() {
  int to_child[2];
  int from_child[2];
  if (pipe(to_child) != 0 || pipe(from_child) != 0) throw std::runtime_error("no pipes for the reference");
  const std::string script = java_script();
  const std::string output = built_programs().parent_path() / "java";
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("cannot fork for the reference");
  if (process_ == 0) {
    dup2(to_child[0], STDIN_FILENO);
    dup2(from_child[1], STDOUT_FILENO);
    for (const int end : {to_child[0], to_child[1], from_child[0], from_child[1]}) close(end);
    execl(script.c_str(), script.c_str(), output.c_str(), "Differential", nullptr);
    _exit(127);
  }
  close(to_child[0]);
  close(from_child[1]);
  in_ = fdopen(to_child[1], "w");
  out_ = fdopen(from_child[0], "r");
}

Reference::~Reference() {
  std::fclose(in_);  // at the end of its input it leaves
  std::fclose(out_);
  waitpid(process_, nullptr, 0);
}

nlohmann::json Reference::run(const nlohmann::json& test_case) {
  std::fputs((test_case.dump() + "\n").c_str(), in_);
  std::fflush(in_);
  char* line = nullptr;
  std::size_t size = 0;
  const ssize_t length = getline(&line, &size, out_);
  const std::string answer = length > 0 ? std::string(line, static_cast<std::size_t>(length)) : "";
  std::free(line);
  if (answer.empty()) throw std::runtime_error("the reference has died; what it said stands above");
  return nlohmann::json::parse(answer);
}

}  // namespace levada::differential

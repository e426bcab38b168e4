#include "tests/support/child_program.h"

#include <csignal>
#include <fstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/places.h"

namespace levada::testing {

ChildProgram::ChildProgram(const std::string& program, const std::vector<std::string>& arguments) {
  std::string name = (std::filesystem::temp_directory_path() / "levada-child-XXXXXX").string();
  const int file = mkstemp(name.data());
  if (file < 0) throw std::runtime_error("no temporary file for the output of " + program);
  output_ = name;
  const std::string path = built_programs() / program;
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  process_ = fork();
  if (process_ == 0) {
    dup2(file, STDOUT_FILENO);
    execv(path.c_str(), argv.data());
    _exit(127);
  }
  close(file);
  if (process_ < 0) throw std::runtime_error("cannot fork for " + program);
}

ChildProgram::~ChildProgram() {
  kill();
  std::filesystem::remove(output_);
}

int ChildProgram::wait() {
  if (process_ < 0) return 0;
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool ChildProgram::has_ended() const {
  if (process_ < 0) return true;
  siginfo_t ended = {};
  waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT);
  return ended.si_pid != 0;
}

void ChildProgram::kill() {
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  wait();
}

void ChildProgram::terminate() {
  if (process_ >= 0) ::kill(process_, SIGTERM);
}

void ChildProgram::freeze() {
  if (process_ >= 0) ::kill(process_, SIGSTOP);
}

std::string ChildProgram::last_line() const {
  std::ifstream file(output_);
  std::string last;
  for (std::string line; std::getline(file, line);) last = line;
  return last;
}

}  // namespace levada::testing

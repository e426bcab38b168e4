// This test program once more, as another process that a test may kill: it runs one disabled test there.
//
//   ChildProcess child("CrashingTask.DISABLED_CommitsUntilItIsKilled", {{"LEVADA_TEST_DIRECTORY", path}});
//   child.read_line();                     // what it says, a line at a time
//   child.kill();
//
// Started with exec: databases start threads, which a fork alone would not take along. Ends with its owner.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace levada::testing {

class ChildProcess {
 public:
  ChildProcess(const std::string& test, const std::map<std::string, std::string>& environment) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    std::vector<std::string> arguments = {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                                          "--gtest_filter=" + test};
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
    for (char** variable = environ; *variable != nullptr; ++variable) variables.emplace_back(*variable);

    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, ends[1], kLines);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = ::posix_spawn(&pid_, arguments[0].c_str(), &files, nullptr, pointers(arguments).data(),
                                    pointers(variables).data());
    ::posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    lines_ = ::fdopen(ends[0], "r");
    if (error != 0) throw std::runtime_error("cannot start " + test);
  }
  ~ChildProcess() {
    kill();
    std::fclose(lines_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Without its end; empty when the child has closed its side.
  std::string read_line() {
    std::string line;
    for (int c = std::fgetc(lines_); c != EOF && c != '\n'; c = std::fgetc(lines_)) line += static_cast<char>(c);
    return line;
  }

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  // In the child: tells the parent.
  static void say(const std::string& line) {
    const std::string bytes = line + "\n";
    if (::write(kLines, bytes.data(), bytes.size()) < 0) std::_Exit(1);
  }

 private:
  static constexpr int kLines = 9;

  static std::vector<char*> pointers(std::vector<std::string>& strings) {
    std::vector<char*> all;
    for (std::string& each : strings) all.push_back(each.data());
    all.push_back(nullptr);
    return all;
  }

  pid_t pid_ = -1;
  std::FILE* lines_ = nullptr;
};

}  // namespace levada::testing

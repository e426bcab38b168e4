// Who an instance is among those of its application. The id stands in a file of the application's directory, so that an
// instance that is started again is known as the same one, and what its transactions left open ends at once. While an
// instance lives, no other gets the id: a second one on the same directory gets an id that nobody keeps.
//
//   const ProcessId process = ProcessId::claim("/var/lib/levada/app");
//   process.text()                                       // "6f1b2c9e-…"
//
// Owned by the application. Never fails: where no file can be kept, the id is for this time only.
#pragma once

#include <filesystem>
#include <string>

namespace levada {

class ProcessId {
 public:
  static ProcessId claim(const std::filesystem::path& directory);
  ~ProcessId();
  ProcessId(ProcessId&& other) noexcept;
  ProcessId& operator=(ProcessId&&) = delete;

  const std::string& text() const { return text_; }

 private:
  ProcessId(std::string text, int file) : text_(std::move(text)), file_(file) {}

  std::string text_;
  int file_;  // locked; -1: there is none
};

}  // namespace levada

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
#include <optional>
#include <string>
#include <utility>

#include <levada/state/file_lock.h>

namespace levada {

class ProcessId {
 public:
  static ProcessId claim(const std::filesystem::path& directory);

  const std::string& text() const { return text_; }

 private:
  explicit ProcessId(std::string text, std::optional<FileLock> file = std::nullopt)
      : text_(std::move(text)), file_(std::move(file)) {}

  std::string text_;
  std::optional<FileLock> file_;  // where the id stands
};

}  // namespace levada

// What goes wrong with a disk because somebody wants it so: a simulation, a test.
//
//   class Full final : public DiskFaults {
//     absl::Status before_write(const std::filesystem::path&) override { return absl::ResourceExhaustedError("full"); }
//   };
//
// Asked on the thread that writes. It outlives whoever it is given to.
#pragma once

#include <filesystem>

#include <absl/status/status.h>

namespace levada {

class DiskFaults {
 public:
  // Before stores are opened, committed or restored in this state directory. What is not OK is the error of that, and
  // nothing was written.
  virtual absl::Status before_write(const std::filesystem::path& directory) = 0;

 protected:
  ~DiskFaults() = default;
};

}  // namespace levada

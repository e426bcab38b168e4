#include <filesystem>
#include <utility>

#include <absl/strings/match.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <sys/stat.h>

#include <levada/state/private_files.h>

namespace levada::internal {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

IOStatus full_if_limited(IOStatus status) {
  if (status.ok() || status.IsNoSpace()) return status;
  const std::string text = status.ToString();
  if (!absl::StrContains(text, "Disk quota exceeded") && !absl::StrContains(text, "File too large")) return status;
  return IOStatus::NoSpace(text);
}

class LimitedFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;
  using Verification = rocksdb::DataVerificationInfo;

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return full_if_limited(target()->Append(data, options, debug));
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const Verification& info,
                  IODebugContext* debug) override {
    return full_if_limited(target()->Append(data, options, info, debug));
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options,
                            IODebugContext* debug) override {
    return full_if_limited(target()->PositionedAppend(data, offset, options, debug));
  }
  IOStatus PositionedAppend(const Slice& data, std::uint64_t offset, const IOOptions& options, const Verification& info,
                            IODebugContext* debug) override {
    return full_if_limited(target()->PositionedAppend(data, offset, options, info, debug));
  }
  IOStatus Allocate(std::uint64_t offset, std::uint64_t length, const IOOptions& options,
                    IODebugContext* debug) override {
    return full_if_limited(target()->Allocate(offset, length, options, debug));
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return full_if_limited(target()->Close(options, debug));
  }
};

// RocksDB writes its options down for people to look at, and never reads them. That they survive a power cut is not
// worth a third of what a new database waits for.
class OptionsFile final : public LimitedFile {
 public:
  using LimitedFile::LimitedFile;

  IOStatus Sync(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
};

bool holds_options(const std::string& path) {
  return absl::StartsWith(std::filesystem::path(path).filename().string(), "OPTIONS-");
}

// What cannot be restricted stays behind a directory that nobody else may enter.
void restrict_to_owner(const std::string& path) {
  [[maybe_unused]] const int ignored = ::chmod(path.c_str(), S_IRUSR | S_IWUSR);
}

class PrivateFiles final : public rocksdb::FileSystemWrapper {
 public:
  PrivateFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

  const char* Name() const override { return "PrivateFiles"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions& options, rocksdb::FileLock** lock,
                             rocksdb::IODebugContext* debug) override;
};

IOStatus PrivateFiles::NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  IOStatus status = full_if_limited(target()->NewWritableFile(path, options, &file, debug));
  if (!status.ok()) return status;
  restrict_to_owner(path);
  if (holds_options(path)) {
    *result = std::make_unique<OptionsFile>(std::move(file));
  } else {
    *result = std::make_unique<LimitedFile>(std::move(file));
  }
  return status;
}

IOStatus PrivateFiles::LockFile(const std::string& path, const IOOptions& options, rocksdb::FileLock** lock,
                                IODebugContext* debug) {
  IOStatus status = target()->LockFile(path, options, lock, debug);
  if (status.ok()) restrict_to_owner(path);
  return status;
}

}  // namespace

std::unique_ptr<rocksdb::Env> private_files() { return rocksdb::NewCompositeEnv(std::make_shared<PrivateFiles>()); }

}  // namespace levada::internal

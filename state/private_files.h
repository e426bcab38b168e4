// RocksDB's files, readable for their owner only; and a quota or size limit that is reached counts as a full disk, from
// which RocksDB knows how to recover. For .cc files that include RocksDB's headers.
#pragma once

#include <memory>

#include <rocksdb/file_system.h>

namespace levada::internal {

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

}  // namespace levada::internal

// RocksDB's files, readable for their owner only; and a quota or size limit that is reached counts as a full disk, from
// which RocksDB knows how to recover. For .cc files that include RocksDB's headers, too.
#pragma once

#include <memory>

namespace rocksdb {
class Env;
}

namespace levada::internal {

// RocksDB's default environment in all other respects.
std::unique_ptr<rocksdb::Env> private_files();

}  // namespace levada::internal

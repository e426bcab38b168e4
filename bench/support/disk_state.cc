#include "bench/support/disk_state.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <fmt/core.h>
#include <rocksdb/db.h>

namespace bench {
namespace {

void throw_on(const rocksdb::Status& status, const std::string& action) {
  if (!status.ok()) throw std::runtime_error(fmt::format("{}: {}", action, status.ToString()));
}

}  // namespace

DiskState::DiskState(const std::string& directory) {
  std::filesystem::create_directories(directory);
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  throw_on(rocksdb::DB::Open(options, directory, &db), "open " + directory);
  db_.reset(db);
}

DiskState::~DiskState() = default;

void DiskState::write(std::vector<Row>& rows) {
  std::sort(rows.begin(), rows.end());
  write_as_it_comes(rows);
}

void DiskState::write_as_it_comes(const std::vector<Row>& rows) {
  rocksdb::WriteBatch batch;
  for (const auto& [key, value] : rows) batch.Put(key, value);
  throw_on(db_->Write({}, &batch), "write state");
}

bool DiskState::get(std::string_view key, std::string& value) const {
  const rocksdb::Status found = db_->Get({}, rocksdb::Slice(key.data(), key.size()), &value);
  if (found.IsNotFound()) return false;
  throw_on(found, "read state");
  return true;
}

}  // namespace bench

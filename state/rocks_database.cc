#include <utility>

#include <absl/strings/match.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <levada/core/status_macros.h>
#include <levada/state/private_directory.h>
#include <levada/state/private_files.h>
#include <levada/state/rocks_database.h>
#include <levada/state/rocks_iterator.h>
#include <levada/state/rocks_options.h>
#include <levada/state/rocks_status.h>

namespace levada {
namespace {
constexpr std::size_t kBatchBytesPerEntry = 16;

rocksdb::Slice slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
}  // namespace

struct RocksDatabase::Environment {
  explicit Environment(MemoryBudget& budget)
      : files(rocksdb::NewCompositeEnv(std::make_shared<internal::PrivateFiles>())),
        database(internal::database_options(budget)),
        family(internal::family_options(budget)) {
    database.env = files.get();
  }

  const std::unique_ptr<rocksdb::Env> files;
  rocksdb::DBOptions database;
  rocksdb::ColumnFamilyOptions family;
};

RocksBatch::RocksBatch(const RocksDatabase& database, std::size_t expected_bytes)
    : batch_(std::make_unique<rocksdb::WriteBatch>(expected_bytes + kBatchBytesPerEntry)),
      facts_(*database.database_->DefaultColumnFamily()) {}

RocksBatch::~RocksBatch() = default;

// A WriteBatch in memory refuses nothing that we give it.
void RocksBatch::put(rocksdb::ColumnFamilyHandle& family, BytesView key, BytesView value) {
  batch_->Put(&family, slice(key), slice(value)).PermitUncheckedError();
}

void RocksBatch::erase(rocksdb::ColumnFamilyHandle& family, BytesView key) {
  batch_->Delete(&family, slice(key)).PermitUncheckedError();
}

void RocksBatch::put_fact(BytesView name, BytesView value) { put(facts_, name, value); }

void RocksBatch::erase_fact(BytesView name) { erase(facts_, name); }

absl::StatusOr<std::unique_ptr<RocksDatabase>> RocksDatabase::open(const std::filesystem::path& directory,
                                                                   MemoryBudget& budget) {
  std::unique_ptr<RocksDatabase> database(new RocksDatabase(directory, budget));
  LEVADA_RETURN_IF_ERROR(database->open());
  return database;
}

RocksDatabase::RocksDatabase(std::filesystem::path directory, MemoryBudget& budget)
    : directory_(std::move(directory)), environment_(std::make_unique<Environment>(budget)) {}

RocksDatabase::~RocksDatabase() {
  for (const auto& [name, family] : families_) {
    database_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  if (database_) database_->Close().PermitUncheckedError();
}

absl::Status RocksDatabase::open() {
  LEVADA_RETURN_IF_ERROR(make_private_directory(directory_));
  const rocksdb::Options options(environment_->database, environment_->family);
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(options, directory_.string(), &names).ok()) {
    names = {rocksdb::kDefaultColumnFamilyName};  // nothing there yet, or damaged: opening tells which
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, environment_->family);
  std::vector<Family*> handles;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(environment_->database, directory_.string(), descriptors, &handles, &opened);
  LEVADA_RETURN_IF_ERROR(internal::to_status(status, directory_));
  database_.reset(opened);
  for (std::size_t i = 0; i < names.size(); ++i) families_[names[i]] = handles[i];
  return absl::OkStatus();
}

RocksDatabase::Family* RocksDatabase::find(const std::string& family) const {
  const auto found = families_.find(family);
  return found == families_.end() ? nullptr : found->second;
}

absl::StatusOr<RocksDatabase::Family*> RocksDatabase::create(const std::string& family) {
  LEVADA_RETURN_IF_ERROR(recover());
  Family* handle = nullptr;
  const rocksdb::Status status = database_->CreateColumnFamily(environment_->family, family, &handle);
  needs_recovery_ = !status.ok();
  LEVADA_RETURN_IF_ERROR(internal::to_status(status, directory_));
  return families_[family] = handle;
}

absl::Status RocksDatabase::drop(const std::string& family) {
  LEVADA_RETURN_IF_ERROR(recover());
  const auto found = families_.find(family);
  if (found == families_.end()) return absl::OkStatus();
  const rocksdb::Status status = database_->DropColumnFamily(found->second);
  needs_recovery_ = !status.ok();
  LEVADA_RETURN_IF_ERROR(internal::to_status(status, directory_));
  database_->DestroyColumnFamilyHandle(found->second).PermitUncheckedError();
  families_.erase(found);
  return absl::OkStatus();
}

std::vector<std::string> RocksDatabase::families(const std::string& prefix) const {
  std::vector<std::string> names;
  for (auto at = families_.lower_bound(prefix); at != families_.end() && absl::StartsWith(at->first, prefix); ++at) {
    names.push_back(at->first);
  }
  return names;
}

absl::Status RocksDatabase::write(RocksBatch& batch) {
  LEVADA_RETURN_IF_ERROR(recover());
  const rocksdb::Status status = database_->Write(internal::write_options(), batch.batch_.get());
  needs_recovery_ = !status.ok();
  return internal::to_status(status, directory_);
}

absl::Status RocksDatabase::recover() {
  if (!needs_recovery_) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(internal::to_status(database_->Resume(), directory_));
  needs_recovery_ = false;
  return absl::OkStatus();
}

bool RocksDatabase::get(Family& family, BytesView key, Bytes& out) const {
  rocksdb::PinnableSlice found;
  const rocksdb::Status status = database_->Get({}, &family, slice(key), &found);
  if (status.IsNotFound()) return false;
  internal::throw_if_error(status, directory_);
  out.assign(found.data(), found.size());
  return true;
}

std::unique_ptr<ByteIterator> RocksDatabase::range(Family& family, const ByteRange& range, Direction direction) const {
  return std::make_unique<internal::RocksIterator>(*database_, family, range, direction, directory_);
}

std::size_t RocksDatabase::approximate_num_entries(Family& family) const {
  std::uint64_t count = 0;
  database_->GetIntProperty(&family, rocksdb::DB::Properties::kEstimateNumKeys, &count);
  return count;
}

absl::StatusOr<std::map<Bytes, Bytes>> RocksDatabase::facts() const {
  std::map<Bytes, Bytes> facts;
  const std::unique_ptr<rocksdb::Iterator> at(database_->NewIterator({}));
  for (at->SeekToFirst(); at->Valid(); at->Next()) facts[at->key().ToString()] = at->value().ToString();
  LEVADA_RETURN_IF_ERROR(internal::to_status(at->status(), directory_));
  return facts;
}

absl::Status RocksDatabase::flush() {
  std::vector<Family*> all;
  for (const auto& [name, family] : families_) all.push_back(family);
  return internal::to_status(database_->Flush({}, all), directory_);
}

}  // namespace levada

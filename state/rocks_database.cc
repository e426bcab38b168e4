#include <algorithm>
#include <functional>
#include <utility>

#include <absl/strings/match.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/transaction_log.h>
#include <rocksdb/write_batch.h>

#include <levada/core/status_macros.h>
#include <levada/state/memory_budget.h>
#include <levada/state/private_directory.h>
#include <levada/state/private_files.h>
#include <levada/state/rocks_budget.h>
#include <levada/state/rocks_database.h>
#include <levada/state/rocks_iterator.h>
#include <levada/state/rocks_options.h>
#include <levada/state/rocks_status.h>

namespace levada {
namespace {
constexpr std::size_t kBatchBytesPerEntry = 16;
constexpr std::string_view kFileToIngest = "ingest-";

rocksdb::Slice slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
}  // namespace

struct RocksDatabase::Environment {
  explicit Environment(MemoryBudget& budget)
      : files(internal::private_files()),
        database(internal::database_options(budget)),
        family(internal::family_options(budget)),
        filtered_family(internal::filtered_family_options(budget)) {
    database.env = files.get();
    all = rocksdb::Options(database, family);
  }

  const std::unique_ptr<rocksdb::Env> files;
  rocksdb::DBOptions database;
  rocksdb::ColumnFamilyOptions family;
  rocksdb::ColumnFamilyOptions filtered_family;
  rocksdb::Options all;
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
  LEVADA_RETURN_IF_ERROR(make_private_directory(directory));
  LEVADA_RETURN_IF_ERROR(database->open(Access::kReadAndWrite));
  database->remove_leftovers();  // now that the directory is ours
  return database;
}

absl::StatusOr<std::unique_ptr<RocksDatabase>> RocksDatabase::open_to_read(const std::filesystem::path& directory,
                                                                           MemoryBudget& budget) {
  std::unique_ptr<RocksDatabase> database(new RocksDatabase(directory, budget));
  LEVADA_RETURN_IF_ERROR(database->open(Access::kReadOnly));
  return database;
}

RocksDatabase::RocksDatabase(std::filesystem::path directory, MemoryBudget& budget)
    : directory_(std::move(directory)), budget_(budget), environment_(std::make_unique<Environment>(budget)) {
  budget_.rocks().databases.fetch_add(1);
}

RocksDatabase::~RocksDatabase() {
  for (const auto& [name, family] : families_) {
    database_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  if (database_) database_->Close().PermitUncheckedError();
  budget_.rocks().databases.fetch_sub(1);
  budget_.rocks().families.fetch_sub(families_.size());
}

absl::Status RocksDatabase::open(Access access) {
  const rocksdb::Options& options = environment_->all;
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(options, directory_.string(), &names).ok()) {
    names = {rocksdb::kDefaultColumnFamilyName};  // nothing there yet, or damaged: opening tells which
  }
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) descriptors.emplace_back(name, options_for(names.size()));
  std::vector<Family*> handles;
  rocksdb::DB* opened = nullptr;
  const std::string path = directory_.string();
  const rocksdb::DBOptions& database = environment_->database;
  const rocksdb::Status status = access == Access::kReadOnly
                                     ? rocksdb::DB::OpenForReadOnly(database, path, descriptors, &handles, &opened)
                                     : rocksdb::DB::Open(database, path, descriptors, &handles, &opened);
  LEVADA_RETURN_IF_ERROR(internal::to_status(status, directory_));
  database_.reset(opened);
  for (std::size_t i = 0; i < names.size(); ++i) families_[names[i]] = handles[i];
  budget_.rocks().families.fetch_add(families_.size());
  return absl::OkStatus();
}

const rocksdb::ColumnFamilyOptions& RocksDatabase::options_for(std::size_t new_families) const {
  const std::size_t all = budget_.rocks().families.load() + new_families;
  return internal::has_room_for_filters(budget_, all) ? environment_->filtered_family : environment_->family;
}

RocksDatabase::Family* RocksDatabase::find(const std::string& family) const {
  const auto found = families_.find(family);
  return found == families_.end() ? nullptr : found->second;
}

absl::Status RocksDatabase::create(const std::vector<std::string>& families) {
  if (families.empty()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(recover());
  std::vector<Family*> handles;
  const rocksdb::Status status = database_->CreateColumnFamilies(options_for(families.size()), families, &handles);
  needs_recovery_ = !status.ok();
  // What was made before an error is there.
  for (std::size_t i = 0; i < handles.size(); ++i) families_[families[i]] = handles[i];
  budget_.rocks().families.fetch_add(handles.size());
  return internal::to_status(status, directory_);
}

absl::Status RocksDatabase::drop(const std::vector<std::string>& families) {
  if (families.empty()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(recover());
  std::vector<Family*> handles;
  for (const std::string& family : families) handles.push_back(families_.at(family));
  const rocksdb::Status status = database_->DropColumnFamilies(handles);
  needs_recovery_ = !status.ok();
  LEVADA_RETURN_IF_ERROR(internal::to_status(status, directory_));
  for (const std::string& family : families) {
    database_->DestroyColumnFamilyHandle(families_.at(family)).PermitUncheckedError();
    families_.erase(family);
    budget_.rocks().families.fetch_sub(1);
  }
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
  // Asked for before: RocksDB may have recovered by itself, with another log, by the time that the failure is told.
  const std::uint64_t log = current_log();
  rocksdb::Status status = keep_something_to_flush();
  if (status.ok()) status = database_->Write(internal::write_options(), batch.batch_.get());
  needs_recovery_ = !status.ok();
  if (needs_recovery_) failed_log_ = log;
  return internal::to_status(status, directory_);
}

absl::Status RocksDatabase::ingest(const std::map<Family*, std::vector<std::string>>& files) {
  if (files.empty()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(recover());
  std::vector<rocksdb::IngestExternalFileArg> ingested;
  for (const auto& [family, names] : files) {
    rocksdb::IngestExternalFileArg& each = ingested.emplace_back();
    each.column_family = family;
    each.external_files = names;
    each.options.move_files = true;
    each.options.snapshot_consistency = false;  // nobody reads a store that is being restored
    each.options.write_global_seqno = false;
  }
  const rocksdb::Status status = database_->IngestExternalFiles(ingested);
  needs_recovery_ = !status.ok();
  return internal::to_status(status, directory_);
}

const rocksdb::Options& RocksDatabase::file_options() const { return environment_->all; }

std::filesystem::path RocksDatabase::file_to_ingest(std::size_t number) const {
  return directory_ / fmt::format("{}{}", kFileToIngest, number);
}

// Of a process that was killed while it made them.
void RocksDatabase::remove_leftovers() const {
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(directory_, ignored)) {
    if (absl::StartsWith(file.path().filename().string(),
                         absl::string_view(kFileToIngest.data(), kFileToIngest.size())))
      std::filesystem::remove(file.path(), ignored);
  }
}

// RocksDB aborts when it writes once more to a log that has failed. Resume() begins another one, but only if there is
// something to be flushed. A deletion of nothing, past the log, is something.
rocksdb::Status RocksDatabase::keep_something_to_flush() {
  std::uint64_t entries = 0;
  database_->GetIntProperty(rocksdb::DB::Properties::kNumEntriesActiveMemTable, &entries);
  if (entries > 0) return rocksdb::Status::OK();
  rocksdb::WriteOptions past_the_log;
  past_the_log.disableWAL = true;
  return database_->Delete(past_the_log, rocksdb::Slice());
}

std::uint64_t RocksDatabase::current_log() const {
  std::unique_ptr<rocksdb::LogFile> log;
  const rocksdb::Status status = database_->GetCurrentWalFile(&log);
  return status.ok() ? log->LogNumber() : 0;
}

absl::Status RocksDatabase::recover() {
  if (!needs_recovery_) return absl::OkStatus();
  const rocksdb::Status resumed = database_->Resume();
  if (resumed.severity() >= rocksdb::Status::Severity::kFatalError) return cannot_go_on(resumed.ToString());
  LEVADA_RETURN_IF_ERROR(internal::to_status(resumed, directory_));
  if (failed_log_ != 0 && failed_log_ == current_log()) return cannot_go_on("the log cannot be continued");
  needs_recovery_ = false;
  failed_log_ = 0;
  return absl::OkStatus();
}

absl::Status RocksDatabase::cannot_go_on(const std::string& reason) const {
  return absl::DataLossError(
      fmt::format("state directory {}: damaged by a failed write ({})", directory_.string(), reason));
}

absl::Status RocksDatabase::keep_to_budget(std::size_t incoming) {
  const std::size_t limit = budget_.memtable_limit();
  const std::size_t all = budget_.memtables_used() + incoming;
  if (all <= limit / 4 * 3) return absl::OkStatus();
  std::uint64_t own = 0;
  database_->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeActiveMemTable, &own);
  const std::size_t part = limit / 4 * 3 / static_cast<std::size_t>(budget_.rocks().databases.load());
  if (own + incoming <= part) return absl::OkStatus();
  rocksdb::FlushOptions options;
  options.wait = all > limit;
  const rocksdb::Status status = database_->Flush(options, largest_memtables(own + incoming - part / 2));
  needs_recovery_ = needs_recovery_ || !status.ok();
  return internal::to_status(status, directory_);
}

std::vector<RocksDatabase::Family*> RocksDatabase::largest_memtables(std::size_t bytes) const {
  std::vector<std::pair<std::uint64_t, Family*>> sizes;
  for (const auto& [name, family] : families_) {
    std::uint64_t size = 0;
    database_->GetIntProperty(family, rocksdb::DB::Properties::kCurSizeActiveMemTable, &size);
    sizes.emplace_back(size, family);
  }
  std::ranges::sort(sizes, std::greater<>());
  std::vector<Family*> largest;
  std::size_t sum = 0;
  for (const auto& [size, family] : sizes) {
    if (sum >= bytes) break;
    largest.push_back(family);
    sum += size;
  }
  return largest;
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
  return internal::walk_family(*database_, family, range, direction, directory_);
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

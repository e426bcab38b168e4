#include <filesystem>
#include <system_error>

#include <rocksdb/options.h>
#include <rocksdb/sst_file_writer.h>

#include <levada/core/status_macros.h>
#include <levada/state/rocks_ingestion.h>
#include <levada/state/rocks_status.h>

namespace levada {
namespace {
rocksdb::Slice slice(BytesView bytes) { return {bytes.data(), bytes.size()}; }
}  // namespace

RocksIngestion::RocksIngestion(RocksDatabase& database) : database_(database) {}

// What was ingested is not there any more.
RocksIngestion::~RocksIngestion() {
  writer_.reset();
  std::error_code ignored;
  for (std::size_t number = 0; number < count_; ++number) {
    std::filesystem::remove(database_.file_to_ingest(number), ignored);
  }
}

void RocksIngestion::put(rocksdb::ColumnFamilyHandle& family, BytesView key, BytesView value) {
  if (has_file_for(family)) note(writer_->Put(slice(key), slice(value)));
}

void RocksIngestion::erase(rocksdb::ColumnFamilyHandle& family, BytesView key) {
  if (has_file_for(family)) note(writer_->Delete(slice(key)));
}

absl::Status RocksIngestion::finish() {
  close();
  LEVADA_RETURN_IF_ERROR(status_);
  return database_.ingest(files_);
}

bool RocksIngestion::has_file_for(rocksdb::ColumnFamilyHandle& family) {
  if (family_ == &family) return status_.ok();
  close();
  if (!status_.ok()) return false;
  family_ = &family;
  writer_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions(), database_.file_options(), &family,
                                                     /*invalidate_page_cache=*/false);
  const std::string file = database_.file_to_ingest(count_++).string();
  note(writer_->Open(file));
  if (status_.ok()) files_[&family].push_back(file);
  return status_.ok();
}

void RocksIngestion::close() {
  if (writer_ && status_.ok()) note(writer_->Finish());
  writer_.reset();
  family_ = nullptr;
}

void RocksIngestion::note(const rocksdb::Status& status) {
  if (status_.ok()) status_ = internal::to_status(status, database_.directory());
}

}  // namespace levada

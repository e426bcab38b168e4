#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/state/rocks_store.h>
#include <levada/state/window_segments.h>

namespace levada {
namespace {

std::string family_of(const std::string& store) { return "kv/" + store; }

std::string segments_prefix(const std::string& store) { return "window/" + store + "/"; }

// Gives the keys of a segment's column family their segment id back.
class SegmentRange final : public ByteIterator {
 public:
  SegmentRange(std::unique_ptr<ByteIterator> inner, std::int64_t id)
      : inner_(std::move(inner)), key_(segment_prefix(id)) {
    settle();
  }
  bool valid() const override { return inner_->valid(); }
  BytesView key() const override { return key_; }
  BytesView value() const override { return inner_->value(); }
  void next() override {
    inner_->next();
    settle();
  }

 private:
  void settle() {
    key_.resize(kSegmentPrefix);
    if (inner_->valid()) key_ += inner_->key();
  }

  const std::unique_ptr<ByteIterator> inner_;
  Bytes key_;
};

void add(RocksBatch& batch, RocksDatabase::Family& family, BytesView key, NullableView value) {
  value ? batch.put(family, key, *value) : batch.erase(family, key);
}

}  // namespace

RocksStore::RocksStore(RocksDatabase& database, const std::string& store)
    : database_(database), family_name_(family_of(store)), family_(database.find(family_name_)) {}

bool RocksStore::get(BytesView key, Bytes& out) const {
  return family_ != nullptr && database_.get(*family_, key, out);
}

std::unique_ptr<ByteIterator> RocksStore::range(const ByteRange& range, Direction direction) const {
  if (family_ == nullptr) return empty_range();
  return database_.range(*family_, range, direction);
}

std::size_t RocksStore::approximate_num_entries() const {
  return family_ == nullptr ? 0 : database_.approximate_num_entries(*family_);
}

absl::Status RocksStore::add_to(RocksBatch& batch, BytesView key, NullableView value) {
  if (family_ == nullptr) {
    LEVADA_ASSIGN_OR_RETURN(family_, database_.create(family_name_));
  }
  add(batch, *family_, key, value);
  return absl::OkStatus();
}

SegmentedRocksStore::SegmentedRocksStore(RocksDatabase& database, const std::string& store)
    : database_(database), prefix_(segments_prefix(store)) {
  for (const std::string& family : database_.families(prefix_)) {
    std::int64_t id = 0;
    if (absl::SimpleAtoi(family.substr(prefix_.size()), &id)) families_[id] = database_.find(family);
  }
}

RocksDatabase::Family* SegmentedRocksStore::find(std::int64_t id) const {
  const auto found = families_.find(id);
  return found == families_.end() ? nullptr : found->second;
}

bool SegmentedRocksStore::get(BytesView key, Bytes& out) const {
  RocksDatabase::Family* family = find(read_segment_id(key));
  return family != nullptr && database_.get(*family, without_segment(key), out);
}

std::unique_ptr<ByteIterator> SegmentedRocksStore::range(const ByteRange& range, Direction direction) const {
  const std::int64_t id = read_segment_id(range.from);
  RocksDatabase::Family* family = find(id);
  if (family == nullptr) return empty_range();
  ByteRange inside{.from = Bytes(without_segment(range.from))};
  if (range.to && absl::StartsWith(*range.to, segment_prefix(id))) inside.to = Bytes(without_segment(*range.to));
  return std::make_unique<SegmentRange>(database_.range(*family, inside, direction), id);
}

std::size_t SegmentedRocksStore::approximate_num_entries() const {
  std::size_t sum = 0;
  for (const auto& [id, family] : families_) sum += database_.approximate_num_entries(*family);
  return sum;
}

absl::Status SegmentedRocksStore::add_to(RocksBatch& batch, BytesView key, NullableView value) {
  const std::int64_t id = read_segment_id(key);
  RocksDatabase::Family* family = find(id);
  if (family == nullptr) {
    if (!value) return absl::OkStatus();
    LEVADA_ASSIGN_OR_RETURN(family, database_.create(fmt::format("{}{}", prefix_, id)));
    families_[id] = family;
  }
  add(batch, *family, without_segment(key), value);
  return absl::OkStatus();
}

absl::Status SegmentedRocksStore::drop_segments_before(std::int64_t id) {
  while (!families_.empty() && families_.begin()->first < id) {
    LEVADA_RETURN_IF_ERROR(database_.drop(fmt::format("{}{}", prefix_, families_.begin()->first)));
    families_.erase(families_.begin());
  }
  return absl::OkStatus();
}

std::vector<std::int64_t> SegmentedRocksStore::segments() const {
  std::vector<std::int64_t> ids;
  for (const auto& [id, family] : families_) ids.push_back(id);
  return ids;
}

std::vector<std::string> families_of(const RocksDatabase& database, const std::string& store) {
  std::vector<std::string> names = database.families(segments_prefix(store));
  if (database.find(family_of(store)) != nullptr) names.push_back(family_of(store));
  return names;
}

}  // namespace levada

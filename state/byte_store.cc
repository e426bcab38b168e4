#include <levada/state/byte_store.h>

namespace levada {
namespace {

class EmptyRange final : public ByteIterator {
 public:
  bool valid() const override { return false; }
  BytesView key() const override { return {}; }
  BytesView value() const override { return {}; }
  void next() override {}
};

}  // namespace

std::unique_ptr<ByteIterator> empty_range() { return std::make_unique<EmptyRange>(); }

Bytes successor(BytesView key) { return Bytes(key) + '\0'; }

NullableBytes end_of_prefix(BytesView prefix) {
  Bytes end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (end.empty()) return std::nullopt;
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

}  // namespace levada

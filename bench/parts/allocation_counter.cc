#include "bench/parts/allocation_counter.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <cxxabi.h>
#include <execinfo.h>

namespace bench {
namespace {

constexpr std::size_t kDepth = 24;
constexpr std::size_t kSites = 256;

struct Site {
  std::array<void*, kDepth> frames = {};
  int depth = 0;
  std::uint64_t count = 0;
};

thread_local bool counting = false;
thread_local std::uint64_t allocations = 0;
thread_local std::array<Site, kSites> sites = {};  // the last one holds what has no place of its own

void note() {
  if (!counting) return;
  counting = false;  // backtrace() may allocate
  ++allocations;
  Site found;
  found.depth = backtrace(found.frames.data(), kDepth);
  const auto matches = [&found](const Site& site) { return site.count == 0 || site.frames == found.frames; };
  Site& site = *std::find_if(sites.begin(), sites.end() - 1, matches);
  if (site.count == 0) site = found;
  ++site.count;
  counting = true;
}

std::string readable(std::string name) {
  constexpr std::string_view kString =
      "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >";
  constexpr std::string_view kView = "std::basic_string_view<char, std::char_traits<char> >";
  const auto shorten = [&name](std::string_view long_form, std::string_view short_form) {
    for (auto at = name.find(long_form); at != std::string::npos; at = name.find(long_form)) {
      name.replace(at, long_form.size(), short_form);
    }
  };
  shorten(kString, "std::string");
  shorten(kView, "std::string_view");
  return name;
}

// "program(_ZN6levada4Task7processEv+0x1f) [0x…]" is "levada::Task::process()".
std::string function_in(std::string_view symbol) {
  const std::size_t open = symbol.find('(');
  const std::size_t plus = symbol.find('+', open);
  if (open == std::string_view::npos || plus == std::string_view::npos) return std::string(symbol);
  const std::string mangled(symbol.substr(open + 1, plus - open - 1));
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? readable(name.get()) : mangled;
}

void print_site(std::FILE* out, const Site& site) {
  std::fprintf(out, "  %llu allocations at\n", static_cast<unsigned long long>(site.count));
  const std::unique_ptr<char*, decltype(&std::free)> symbols(backtrace_symbols(site.frames.data(), site.depth),
                                                             &std::free);
  for (int i = 2; i < site.depth; ++i) {  // below note() and operator new
    const std::string function = function_in(symbols.get()[i]);
    if (function.empty()) continue;  // has no name outside of its file
    std::fprintf(out, "    %.150s\n", function.c_str());
    if (function.starts_with("levada::Task::") || function.starts_with("main")) break;
  }
}

}  // namespace

AllocationCounter::AllocationCounter() {
  std::array<void*, 1> frame = {};
  backtrace(frame.data(), 1);  // loads what it needs
  allocations = 0;
  counting = true;
}

AllocationCounter::~AllocationCounter() { counting = false; }

std::uint64_t AllocationCounter::count() const { return allocations; }

void print_allocation_sites(std::FILE* out, std::size_t most) {
  std::vector<const Site*> busiest;
  for (const Site& site : sites) {
    if (site.count > 0) busiest.push_back(&site);
  }
  std::sort(busiest.begin(), busiest.end(), [](const Site* a, const Site* b) { return a->count > b->count; });
  for (std::size_t i = 0; i < std::min(most, busiest.size()); ++i) print_site(out, *busiest[i]);
}

void forget_allocation_sites() { sites = {}; }

}  // namespace bench

void* operator new(std::size_t size) {
  bench::note();
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  bench::note();
  const auto unit = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

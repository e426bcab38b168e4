# How everything in this tree is compiled: language, warnings, sanitizers, and a faster compiler cache and linker where
# the machine has them. Used by linking to levada::build.

set(CMAKE_CXX_EXTENSIONS OFF)
if(BUILD_SHARED_LIBS)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
  if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
  endif()

  # By itself g++ looks for garbage whenever 128 MB were added, which is a tenth of its time here.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=524288>)

  find_program(LEVADA_CCACHE ccache)
  if(LEVADA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # A precompiled header is cached like any other when its macros and times may differ.
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${LEVADA_CCACHE})
  endif()
endif()

add_library(levada_build INTERFACE)
add_library(levada::build ALIAS levada_build)
target_compile_features(levada_build INTERFACE cxx_std_20)
target_compile_options(levada_build INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  # libstdc++ 12's own sorting uses what it has deprecated, which newer clangs say of whoever sorts.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  # A precompiled header that knows when it was made is never in a compiler cache.
  "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>"
  $<$<BOOL:${LEVADA_WERROR}>:-Werror>)

if(PROJECT_IS_TOP_LEVEL)
  find_program(LEVADA_LINKER NAMES mold ld.lld)
  if(LEVADA_LINKER MATCHES "mold$")
    target_link_options(levada_build INTERFACE -fuse-ld=mold)
  elseif(LEVADA_LINKER)
    target_link_options(levada_build INTERFACE -fuse-ld=lld)
  endif()
endif()

if(LEVADA_SANITIZE)
  target_compile_options(levada_build INTERFACE
    -fsanitize=${LEVADA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(levada_build INTERFACE -fsanitize=${LEVADA_SANITIZE})
endif()
if(LEVADA_SANITIZE MATCHES "thread")
  add_library(levada_tsan_threads SHARED ${PROJECT_SOURCE_DIR}/cmake/tsan_threads.cc)
  target_compile_features(levada_tsan_threads PRIVATE cxx_std_20)
  target_link_libraries(levada_build INTERFACE
    -Wl,--push-state,--no-as-needed levada_tsan_threads -Wl,--pop-state)
endif()

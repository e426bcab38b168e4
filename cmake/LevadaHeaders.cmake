# The target headers_alone compiles every header of the library by itself, twice included.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} core/*.h state/*.h dsl/*.h runtime/*.h)
list(APPEND headers levada.h testing.h)  # not by the glob: it would find the copies in build directories
foreach(header IN LISTS headers)
  string(REPLACE ".h" ".cc" source ${PROJECT_BINARY_DIR}/headers_alone/${header})
  file(CONFIGURE OUTPUT ${source} CONTENT "#include <levada/@header@>\n#include <levada/@header@>\n" @ONLY)
  list(APPEND header_sources ${source})
endforeach()
add_library(headers_alone OBJECT EXCLUDE_FROM_ALL ${header_sources})
target_link_libraries(headers_alone PRIVATE levada::levada levada::build)
target_compile_options(headers_alone PRIVATE -O0 -g0)

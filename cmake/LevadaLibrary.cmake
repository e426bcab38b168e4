# The library is built from one object library a folder, so that a folder can be compiled alone and sees only the
# packages it may use.

# levada_folder(name [INCLUDES folder...] [PUBLIC target...] [PRIVATE target...]) makes the target levada_<name>.
# PUBLIC packages may appear in its headers, PRIVATE ones in its .cc files only.
function(levada_folder name)
  cmake_parse_arguments(arg "" "" "INCLUDES;PUBLIC;PRIVATE" ${ARGN})
  foreach(folder IN LISTS arg_INCLUDES)
    get_target_property(inherited levada_${folder} LEVADA_PUBLIC)
    list(APPEND arg_PUBLIC ${inherited})
  endforeach()
  list(REMOVE_DUPLICATES arg_PUBLIC)

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${name}/*.cc ${PROJECT_SOURCE_DIR}/${name}/*.h)
  add_library(levada_${name} OBJECT ${sources} ${PROJECT_SOURCE_DIR}/levada.h)
  set_target_properties(levada_${name} PROPERTIES LINKER_LANGUAGE CXX
                        LEVADA_PUBLIC "${arg_PUBLIC}" LEVADA_PRIVATE "${arg_PRIVATE}")
  target_include_directories(levada_${name} PRIVATE ${PROJECT_BINARY_DIR}/include)
  target_link_libraries(levada_${name} PRIVATE ${arg_PUBLIC} ${arg_PRIVATE} levada::build)
  if(LEVADA_SANITIZE)
    # Without optimisation headers are three quarters of what a file takes. Not in the builds that show that each file
    # includes what it uses.
    target_precompile_headers(levada_${name} PRIVATE
      <absl/container/flat_hash_map.h> <absl/functional/function_ref.h> <absl/status/statusor.h> <absl/strings/str_cat.h>
      <fmt/format.h> <algorithm> <chrono> <filesystem> <functional> <map> <memory> <optional> <set> <string> <variant>
      <vector>)
  endif()
  if(LEVADA_FUZZ)
    target_compile_options(levada_${name} PRIVATE -fsanitize=fuzzer-no-link)  # tells the fuzzer where it came along
  endif()

  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/include/levada)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${name} ${PROJECT_BINARY_DIR}/include/levada/${name} SYMBOLIC)
endfunction()

# levada_library(folder...) joins the folders in the target levada::levada.
function(levada_library)
  add_library(levada ${PROJECT_SOURCE_DIR}/levada.h)
  add_library(levada::levada ALIAS levada)
  foreach(header levada.h testing.h)
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${header} ${PROJECT_BINARY_DIR}/include/levada/${header} SYMBOLIC)
  endforeach()
  set_target_properties(levada PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION}
                        SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_compile_features(levada PUBLIC cxx_std_20)
  target_include_directories(levada PUBLIC $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                             $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(levada PRIVATE $<BUILD_INTERFACE:levada_build>)
  foreach(folder IN LISTS ARGN)
    get_target_property(public levada_${folder} LEVADA_PUBLIC)
    get_target_property(private levada_${folder} LEVADA_PRIVATE)
    target_sources(levada PRIVATE $<TARGET_OBJECTS:levada_${folder}>)
    target_link_libraries(levada PUBLIC ${public} PRIVATE ${private})
  endforeach()
endfunction()

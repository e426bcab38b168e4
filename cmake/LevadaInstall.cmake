# Installs the library and its headers, so that others find it by find_package(levada CONFIG) or pkg-config.
include(CMakePackageConfigHelpers)

set(folders core state dsl runtime)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/levada)

foreach(folder IN LISTS folders)
  install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/levada/${folder} FILES_MATCHING PATTERN "*.h")
endforeach()
install(FILES levada.h testing.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/levada)
install(TARGETS levada EXPORT levada-targets)
install(EXPORT levada-targets NAMESPACE levada:: DESTINATION ${package_dir})

configure_package_config_file(cmake/levada-config.cmake.in ${PROJECT_BINARY_DIR}/levada-config.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/levada-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/levada-config.cmake ${PROJECT_BINARY_DIR}/levada-config-version.cmake
              cmake/LevadaDependencies.cmake DESTINATION ${package_dir})

# The .pc files of the packages are named like their targets: absl::status is absl_status, PkgConfig::RDKAFKA is rdkafka.
foreach(folder IN LISTS folders)
  foreach(visibility PUBLIC PRIVATE)
    get_target_property(targets levada_${folder} LEVADA_${visibility})
    list(APPEND pc_${visibility} ${targets})
  endforeach()
endforeach()
foreach(visibility PUBLIC PRIVATE)
  list(REMOVE_DUPLICATES pc_${visibility})
  list(REMOVE_ITEM pc_${visibility} Threads::Threads)
  list(TRANSFORM pc_${visibility} REPLACE "absl::" "absl_")
  list(TRANSFORM pc_${visibility} REPLACE ".*::" "")
  list(TRANSFORM pc_${visibility} TOLOWER)
  list(JOIN pc_${visibility} " " pc_${visibility})
endforeach()
# Who links the static library links what it stands on.
if(NOT BUILD_SHARED_LIBS)
  string(APPEND pc_PUBLIC " ${pc_PRIVATE}")
endif()
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(cmake/levada.pc.in ${PROJECT_BINARY_DIR}/levada.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/levada.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

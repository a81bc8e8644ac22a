# What `cmake --install` installs: the program, and the kit for others' parsers: its header, the archives behind it, and
# how CMake and pkg-config find them. Users see std types only, so nothing of what stands behind needs to be exported.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# In the order of linking.
set(kit_archives fuzz conformance engine)
foreach(name IN LISTS kit_archives)
  install(TARGETS counterpart_${name} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/counterpart DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/counterpart)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/counterpart-config.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/package/counterpart-config.cmake INSTALL_DESTINATION ${config_folder}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/package/counterpart-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/package/counterpart-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/package/counterpart-config-version.cmake
  DESTINATION ${config_folder})

# ${pcfiledir}: the tree may be installed with another --prefix than it was configured with.
file(RELATIVE_PATH prefix_from_pc ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${CMAKE_CURRENT_LIST_DIR}/counterpart-fuzz.pc.in
  ${CMAKE_CURRENT_BINARY_DIR}/package/counterpart-fuzz.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/package/counterpart-fuzz.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

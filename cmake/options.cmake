# How our own code is compiled; every target inherits this through kubomag_vocabulary.
add_library(kubomag_options INTERFACE)
set(host_warnings -Wall -Wextra -Wpedantic -Wshadow -Wno-unknown-pragmas)
if(KUBOMAG_WERROR)
  list(APPEND host_warnings -Werror)
endif()
target_compile_options(kubomag_options INTERFACE
  "$<$<COMPILE_LANGUAGE:CXX>:${host_warnings};-fno-math-errno;-fno-trapping-math>")
# A target may ask for another level than the rest (src/solver/CMakeLists.txt).
set(march "$<TARGET_PROPERTY:KUBOMAG_LEVEL>")
set(march "$<IF:$<BOOL:${march}>,${march},${KUBOMAG_MARCH}>")
target_compile_options(kubomag_options INTERFACE
  "$<$<AND:$<COMPILE_LANGUAGE:CXX>,$<BOOL:${march}>>:-march=${march}>")

# Where an installed program finds what it loads (src/solver/plugin.cpp).
set(kubomag_modules lib/kubomag)

# One library per folder of src/: every .cpp in it, plus what it may see (docs/architecture.md). Static
# unless BUILD_SHARED_LIBS is on, which makes many programs small (scripts/gpu-bundle).
function(kubomag_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(kubomag_${name} ${sources})
    set_target_properties(kubomag_${name} PROPERTIES DEFINE_SYMBOL "" BUILD_RPATH_USE_ORIGIN ON
      INSTALL_RPATH "$ORIGIN")
    if(BUILD_SHARED_LIBS)
      install(TARGETS kubomag_${name} LIBRARY DESTINATION ${kubomag_modules})
    endif()
    set(scope PUBLIC)
  else()
    add_library(kubomag_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(kubomag_${name} ${scope} ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(kubomag_${name} ${scope} kubomag_vocabulary ${ARG_LINK})
endfunction()

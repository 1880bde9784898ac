# Writes ${OUTPUT}: version, commit and compiler, renewed at every build but touched only if changed.
execute_process(COMMAND git -C ${SOURCE_DIR} describe --always --dirty --abbrev=12
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "cli/build_info.hpp"

namespace kubomag::cli {

const BuildInfo& build_info() {
  static const BuildInfo info{"@VERSION@", "@commit@", "@COMPILER@", "@BUILD_TYPE@"};
  return info;
}

}  // namespace kubomag::cli
]])

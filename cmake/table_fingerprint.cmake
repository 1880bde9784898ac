# Writes ${OUTPUT}: a hash of the sources that make torque tables and of the compiler, so that tables
# kept on disk by another build are not taken for those of this one. Touched only if it changes.
file(GLOB sources ${SOURCE_DIR}/src/khat/*.cpp ${SOURCE_DIR}/src/khat/*.hpp
     ${SOURCE_DIR}/src/io/band_formula.cpp ${SOURCE_DIR}/include/kubomag/local_tables.hpp)
list(SORT sources)
set(all "${COMPILER}")
foreach(source ${sources})
  file(SHA256 ${source} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 fingerprint "${all}")
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "io/table_cache.hpp"

namespace kubomag::io {

const char* table_fingerprint() { return "@fingerprint@"; }

}  // namespace kubomag::io
]])

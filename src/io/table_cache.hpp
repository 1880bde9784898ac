#pragma once
// Torque tables kept on disk, so that a film whose electrons were seen before starts at once.
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kubomag/local_tables.hpp"

namespace kubomag::io {

/// What make_local_tables gives for one film.
struct BuiltTables {
  LocalTables tables;                 // without table_of_cell
  std::vector<std::string> warnings;  // for the user
};

/// Of the sources and the compiler that make the tables of this build.
const char* table_fingerprint();

/// The folder that KUBOMAG_CACHE names, or else $XDG_CACHE_HOME/kubomag or ~/.cache/kubomag;
/// nothing if it is "off" or there is no home.
std::optional<std::filesystem::path> table_cache_folder();

/// One file per film in a folder, named by a hash of the description of its electrons. The file
/// holds the description itself, the fingerprint of the build and a checksum: a file that is
/// damaged, short, of another build or of other electrons counts as none. Safe between threads and
/// processes: files appear whole.
class TableCache {
 public:
  explicit TableCache(std::filesystem::path folder, std::string fingerprint = table_fingerprint());

  std::filesystem::path file_of(const std::string& description) const;
  /// The tables as they were kept, to the last bit.
  std::optional<BuiltTables> find(const std::string& description) const;
  /// Makes the folder if need be. A folder that cannot be written keeps nothing; that is no error.
  void keep(const std::string& description, const BuiltTables& built) const;

 private:
  std::filesystem::path folder_;
  std::string fingerprint_;
};

/// The tables of the cache, or those of `build`, which are then kept. Without a folder: of `build`.
/// `description` must tell every input of the tables. Throws what `build` throws.
BuiltTables cached_tables(const std::string& description,
                          const std::function<BuiltTables()>& build);

}  // namespace kubomag::io

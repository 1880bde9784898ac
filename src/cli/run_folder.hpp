#pragma once
// The folder <name>.out/ of a run.
#include <filesystem>
#include <string>

namespace kubomag::cli {

enum class FolderUse {
  fresh,      // must hold no results
  overwrite,  // results of an earlier run are removed
  resume      // must hold a checkpoint
};

/// `run.out` beside the working directory for the configuration `folder/run.toml`.
std::filesystem::path default_folder(const std::filesystem::path& config_file);

/// Throws InputError if `folder` cannot take a run in this way. Changes nothing.
void check_folder(const std::filesystem::path& folder, FolderUse use);

/// Makes the folder, and for `overwrite` removes what a run writes (never other files). Throws
/// InputError if it cannot be made or written to.
void make_folder(const std::filesystem::path& folder, FolderUse use);

}  // namespace kubomag::cli

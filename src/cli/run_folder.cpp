#include "cli/run_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

namespace fs = std::filesystem;

/// run.json, table.txt, ..., and numbered files such as m000012.ovf.
bool is_result(const fs::path& file) {
  static const std::set<std::string> names = {"table.txt",  "table.png", "hysteresis.png",
                                              "run.json",   "log.txt",   "m.ovf",
                                              "checkpoint", "sweep.json"};
  if (names.count(file.filename().string()) != 0) return true;
  const std::string stem = file.stem().string(), extension = file.extension().string();
  if ((extension != ".ovf" && extension != ".png") || stem.size() < 7) return false;
  return std::all_of(stem.end() - 6, stem.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::vector<fs::path> results(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && is_result(entry.path())) found.push_back(entry.path());
  return found;
}

}  // namespace

fs::path default_folder(const fs::path& config_file) {
  return config_file.stem().string() + ".out";
}

void check_folder(const fs::path& folder, FolderUse use) {
  std::error_code error;
  const bool there = fs::is_directory(folder, error);
  if (!there && fs::exists(folder, error))
    throw InputError(
        fmt::format("{}: the output folder cannot be made (a file has that name); "
                    "give another one with -o",
                    folder.string()));
  if (there && access(folder.c_str(), W_OK | X_OK) != 0)
    throw InputError(
        fmt::format("{}: the output folder cannot be written to; give another one "
                    "with -o",
                    folder.string()));
  if (use == FolderUse::fresh && there && !results(folder).empty())
    throw InputError(
        fmt::format("{}: holds the results of an earlier run; give another folder "
                    "with -o, continue it with --resume, or overwrite it with --force",
                    folder.string()));
}

void make_folder(const fs::path& folder, FolderUse use) {
  check_folder(folder, use);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw InputError(
        fmt::format("{}: the output folder cannot be made ({}); give another one "
                    "with -o",
                    folder.string(), error.message()));
  if (use != FolderUse::overwrite) return;
  for (const fs::path& file : results(folder)) fs::remove(file, error);
}

}  // namespace kubomag::cli

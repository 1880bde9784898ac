#include "cli/run_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "io/read_file.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* locked_file = "log.txt";  // every run has it, and it is never replaced

/// Whether `file` is one of `names` with six digits and `ending`.
bool is_numbered(const fs::path& file, const std::vector<std::string>& names, const char* ending) {
  const std::string stem = file.stem().string();
  if (file.extension() != ending || stem.size() < 7) return false;
  const auto digits = stem.end() - 6;
  return std::all_of(digits, stem.end(), [](unsigned char c) { return std::isdigit(c) != 0; }) &&
         std::count(names.begin(), names.end(), std::string(stem.begin(), digits)) > 0;
}

/// Adds the names that the run.json of an earlier run says it wrote.
void add_earlier(const fs::path& record_file, FolderFiles& files) {
  std::error_code error;
  if (!fs::is_regular_file(record_file, error)) return;
  const auto record = nlohmann::json::parse(io::read_file(record_file), nullptr, false);
  const std::pair<const char*, std::vector<std::string>*> lists[] = {{"fields", &files.fields},
                                                                     {"pictures", &files.pictures}};
  for (const auto& [key, names] : lists)
    if (record.is_object() && record.contains(key) && record[key].is_array())
      for (const auto& name : record[key])
        if (name.is_string()) names->push_back(name.get<std::string>());
}

}  // namespace

fs::path default_folder(const fs::path& config_file) {
  return config_file.stem().string() + ".out";
}

RunFolder::RunFolder(fs::path path, FolderUse use, FolderFiles files)
    : path_(std::move(path)), use_(use), files_(std::move(files)) {
  add_earlier(path_ / "run.json", files_);
  check();
}

void RunFolder::make() {
  check();
  std::error_code error;
  fs::create_directories(path_, error);
  if (error) refuse(fmt::format("the output folder cannot be made ({})", error.message()));
  lock(O_RDWR | O_CREAT);
  if (use_ != FolderUse::overwrite) return;
  for (const fs::path& file : results())
    if (file.filename() != locked_file) fs::remove(file, error);
}

void RunFolder::check() {
  std::error_code error;
  const bool there = fs::is_directory(path_, error);
  if (!there && fs::exists(path_, error))
    refuse("the output folder cannot be made (a file has that name)");
  if (there && access(path_.c_str(), W_OK | X_OK) != 0)
    refuse("the output folder cannot be written to");
  if (fs::exists(path_ / locked_file, error)) lock(O_RDWR);
  const bool old = there && !results().empty();
  const bool resumable = fs::exists(path_ / files_.state, error);
  if (use_ == FolderUse::resume && !resumable)
    throw InputError(fmt::format(
        "{} is missing: there is nothing to resume; {}", (path_ / files_.state).string(),
        old ? "begin anew with --force, which removes the results that are there"
            : "run without --resume"));
  if (use_ == FolderUse::fresh && old)
    throw InputError(
        fmt::format("{}: holds the results of an earlier run; give another folder "
                    "with -o{} or overwrite it with --force",
                    path_.string(), resumable ? ", continue it with --resume," : ""));
}

void RunFolder::lock(int flags) {
  if (lock_) return;
  lock_.emplace(path_ / locked_file, flags);
  if (!lock_->lock()) refuse("another run is writing to the output folder");
}

bool RunFolder::is_result(const fs::path& file) const {
  static const std::set<std::string> names = {"table.txt",  "table.png", "hysteresis.png",
                                              "run.json",   locked_file, "m.ovf",
                                              "checkpoint", "sweep.json"};
  return names.count(file.filename().string()) != 0 || is_numbered(file, files_.fields, ".ovf") ||
         is_numbered(file, files_.pictures, ".png");
}

std::vector<fs::path> RunFolder::results() const {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(path_))
    if (entry.is_regular_file() && is_result(entry.path())) found.push_back(entry.path());
  return found;
}

void RunFolder::refuse(const std::string& why) const {
  throw InputError(fmt::format("{}: {}; give another one with -o", path_.string(), why));
}

}  // namespace kubomag::cli

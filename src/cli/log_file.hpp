#pragma once
// log.txt of a run or a sweep: lines with the time and how grave they are.
#include <filesystem>
#include <memory>
#include <string>

namespace spdlog {
class logger;
}

namespace kubomag::cli {

/// Every line is in the file when its call returns; several threads may call. That a disk is full
/// is for others to tell. Compiled apart since spdlog takes long.
class LogFile {
 public:
  /// Throws spdlog::spdlog_ex where the file cannot be opened.
  LogFile(const std::filesystem::path& file, bool append);

  void info(const std::string& line);
  void warn(const std::string& line);
  void error(const std::string& line);

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace kubomag::cli

#include "cli/log_file.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

namespace kubomag::cli {

LogFile::LogFile(const std::filesystem::path& file, bool append)
    : logger_(std::make_shared<spdlog::logger>(
          "kubomag", std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string(), !append))) {
  logger_->set_error_handler([](const std::string&) {});
  logger_->set_pattern("%Y-%m-%d %H:%M:%S %l %v");
  logger_->flush_on(spdlog::level::info);
}

void LogFile::info(const std::string& line) { logger_->info(line); }
void LogFile::warn(const std::string& line) { logger_->warn(line); }
void LogFile::error(const std::string& line) { logger_->error(line); }

}  // namespace kubomag::cli

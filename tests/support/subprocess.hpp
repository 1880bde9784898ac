#pragma once
// A program in a process of its own, with what it prints.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

extern char** environ;

namespace kubomag::testing_support {

inline std::string slurp(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

class Subprocess {
 public:
  /// Starts `program` with `arguments` in `folder`; output goes to files in `scratch`.
  Subprocess(const std::string& program, std::vector<std::string> arguments,
             const std::filesystem::path& folder, const std::filesystem::path& scratch)
      : out_(scratch / "stdout.txt"), err_(scratch / "stderr.txt") {
    arguments.insert(arguments.begin(), program);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, out_.c_str(), flags, 0666);
    posix_spawn_file_actions_addopen(&actions, 2, err_.c_str(), flags, 0666);
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
    const int error = posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " + program);
  }
  ~Subprocess() {
    if (!running()) return;
    kill(SIGKILL);
    wait();
  }
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  bool running() {
    if (status_ < 0 && waitpid(pid_, &raw_, WNOHANG) == pid_) finish();
    return status_ < 0;
  }
  /// Nothing where it is over.
  void kill(int signal) {
    if (running()) ::kill(pid_, signal);
  }
  /// The exit status; 128 + n after signal n.
  int wait() {
    if (status_ < 0 && waitpid(pid_, &raw_, 0) == pid_) finish();
    return status_;
  }
  std::string out() const { return slurp(out_); }
  std::string err() const { return slurp(err_); }

 private:
  void finish() { status_ = WIFEXITED(raw_) ? WEXITSTATUS(raw_) : 128 + WTERMSIG(raw_); }

  std::filesystem::path out_, err_;
  pid_t pid_ = 0;
  int raw_ = 0, status_ = -1;
};

}  // namespace kubomag::testing_support

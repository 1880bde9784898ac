// Linked into every program: OpenMP threads sleep while they wait instead of spinning, unless the
// user says otherwise. Spinning threads on a loaded machine take four times the processor time and
// make small films a thousand times slower (docs/performance.md). libgomp reads the variable when
// it is loaded, before any constructor of ours, and the C library forgets what .preinit_array sets
// in the environment: so a program that lacks the variable starts once more with it.
#include <limits.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <vector>

namespace {

bool says_how_to_wait(const char* variable) {
  for (const char* name : {"OMP_WAIT_POLICY=", "GOMP_SPINCOUNT="})
    if (std::strncmp(variable, name, std::strlen(name)) == 0) return true;
  return false;
}

void choose_wait_policy(int, char** arguments, char** environment) {
  std::vector<char*> with_policy;
  for (char** variable = environment; *variable; ++variable) {
    if (says_how_to_wait(*variable)) return;
    with_policy.push_back(*variable);
  }
  char passive[] = "OMP_WAIT_POLICY=passive";
  with_policy.insert(with_policy.end(), {passive, nullptr});
  char program[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (length <= 0) return;
  program[length] = '\0';
  execve(program, arguments, with_policy.data());  // returns if it fails: threads spin then
}

}  // namespace

extern "C" __attribute__((section(".preinit_array"),
                          used)) void (*const kubomag_wait_policy)(int, char**,
                                                                   char**) = choose_wait_policy;

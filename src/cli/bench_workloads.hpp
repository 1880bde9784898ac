#pragma once
// The films that `kubomag bench` times, as configurations that `kubomag run` would take too.
#include <string>
#include <vector>

#include "io/config.hpp"

namespace kubomag::cli {

struct Workload {
  std::string name, help;
};

/// In the order in which they are timed.
const std::vector<Workload>& workloads();

/// The configuration of a workload on n x n cells. Throws InputError for a name that is not among
/// workloads().
std::string workload_text(const std::string& name, int n);
io::RunConfig workload_config(const std::string& name, int n);

}  // namespace kubomag::cli

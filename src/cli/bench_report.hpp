#pragma once
// What `kubomag bench` found, for people and for programs.
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/bench_gate.hpp"
#include "cli/bench_measure.hpp"

namespace kubomag::cli {

/// A film that was not timed.
struct LeftOut {
  std::string workload;
  int n = 0;
  std::string reason;
};

struct BenchReport {
  std::string device, precision;
  double copy_bytes = 0, copy_bandwidth = 0;  // [bytes], [bytes per second]
  std::vector<Agreement> agreements;
  std::vector<Point> points;
  std::vector<LeftOut> left_out;
  std::optional<Replicas> replicas;
  double seconds = 0;  // in all

  double share_of_copy(const Point& point) const { return point.bandwidth() / copy_bandwidth; }
};

std::string agreement_line(const Agreement& agreement);
std::string table_header();
std::string table_row(const BenchReport& report, const Point& point);
std::string replicas_line(const Replicas& replicas);

/// Every number with its unit in its name (docs/benchmarks.md).
nlohmann::ordered_json to_json(const BenchReport& report);
/// Rate against the edge of the film, one curve per workload. Atomically, RunError if that fails.
void write_picture(const std::filesystem::path& path, const BenchReport& report);

}  // namespace kubomag::cli

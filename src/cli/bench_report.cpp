#include "cli/bench_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/bench_workloads.hpp"
#include "cli/build_info.hpp"
#include "io/plot.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {

std::string agreement_line(const Agreement& a) {
  return fmt::format("{:<6} {}: differs by {:.1e}, allowed {:.1e}; m moved by {:.2f} in {} steps",
                     a.workload, a.what, a.difference, a.bound, a.motion, a.steps);
}

std::string table_header() {
  return fmt::format("{:<8} {:>13} {:>10} {:>11} {:>11} {:>10} {:>8} {:>8} {:>10}", "workload",
                     "cells", "Mcell-ev/s", "ns/ev/cell", "ns/hour", "B/cell-ev", "GB/s", "of copy",
                     "MiB held");
}

std::string table_row(const BenchReport& report, const Point& p) {
  return fmt::format(
      "{:<8} {:>13} {:>10.4g} {:>11.4g} {:>11.4g} {:>10.4g} {:>8.3g} {:>7.0f}% {:>10.4g}",
      p.workload, fmt::format("{} x {}", p.n, p.n), p.rate() / 1e6, 1e9 / p.rate(),
      p.simulated_per_hour() * 1e9, p.traffic.total(), p.bandwidth() / 1e9,
      100 * report.share_of_copy(p), p.bytes / (1024 * 1024));
}

std::string replicas_line(const Replicas& r) {
  return fmt::format(
      "{} films of {} x {}, {}: {:.4g} Mcell-ev/s together, {:.4g} one after the other", r.films,
      r.n, r.n, r.workload, r.together / 1e6, r.one_by_one / 1e6);
}

namespace {

nlohmann::ordered_json to_json(const Replicas& r) {
  return {{"workload", r.workload},
          {"films", r.films},
          {"cells", {r.n, r.n}},
          {"together_cell_evaluations_per_second", r.together},
          {"one_by_one_cell_evaluations_per_second", r.one_by_one},
          {"difference", r.difference}};
}

nlohmann::ordered_json to_json(const Agreement& a) {
  return {{"workload", a.workload},      {"what", a.what},
          {"cells", {a.cells, a.cells}}, {"steps", a.steps},
          {"difference", a.difference},  {"bound", a.bound},
          {"motion", a.motion},          {"holds", a.holds()}};
}

nlohmann::ordered_json to_json(const BenchReport& report, const Point& p) {
  return {{"workload", p.workload},
          {"cells", {p.n, p.n}},
          {"device", p.device},
          {"scheme", p.scheme},
          {"FixDt_s", p.dt},
          {"evaluations_per_step", p.evaluations_per_step},
          {"setup_seconds", p.setup_seconds},
          {"steps", p.steps},
          {"seconds", p.seconds},
          {"cell_evaluations_per_second", p.rate()},
          {"simulated_ns_per_hour", p.simulated_per_hour() * 1e9},
          {"bytes_per_cell_evaluation",
           {{"passes", p.traffic.passes},
            {"added_passes", p.traffic.added},
            {"demag", p.traffic.demag},
            {"drive", p.traffic.drive},
            {"total", p.traffic.total()}}},
          {"bytes_per_second", p.bandwidth()},
          {"share_of_copy_bandwidth", report.share_of_copy(p)},
          {"bytes_held_per_cell", p.bytes / p.cells()}};
}

}  // namespace

nlohmann::ordered_json to_json(const BenchReport& report) {
  nlohmann::ordered_json out;
  out["kubomag"] = {{"version", build_info().version},
                    {"commit", build_info().commit},
                    {"compiler", build_info().compiler},
                    {"build", build_info().build_type}};
  out["device"] = report.device;
  out["precision"] = report.precision;
  out["copy"] = {{"bytes", report.copy_bytes}, {"bytes_per_second", report.copy_bandwidth}};
  out["agreement"] = nlohmann::ordered_json::array();
  for (const Agreement& agreement : report.agreements)
    out["agreement"].push_back(to_json(agreement));
  for (const Workload& workload : workloads()) out["workloads"][workload.name] = workload.help;
  out["points"] = nlohmann::ordered_json::array();
  for (const Point& point : report.points) out["points"].push_back(to_json(report, point));
  if (report.replicas) out["replicas"] = to_json(*report.replicas);
  out["left_out"] = nlohmann::ordered_json::array();
  for (const LeftOut& film : report.left_out)
    out["left_out"].push_back(
        {{"workload", film.workload}, {"cells", {film.n, film.n}}, {"reason", film.reason}});
  out["seconds"] = report.seconds;
  return out;
}

void write_picture(const std::filesystem::path& path, const BenchReport& report) {
  io::Table table;
  table.columns.push_back({"cells along an edge", ""});
  std::vector<std::string> names;
  std::set<int> sizes;
  for (const Point& point : report.points) {
    sizes.insert(point.n);
    if (std::find(names.begin(), names.end(), point.workload) == names.end())
      names.push_back(point.workload);
  }
  for (const std::string& name : names) table.columns.push_back({name, "cells/s"});
  table.data.resize(table.columns.size());
  for (const int n : sizes) {
    table.data[0].push_back(n);
    for (std::size_t c = 0; c < names.size(); ++c) {
      const auto found =
          std::find_if(report.points.begin(), report.points.end(),
                       [&](const Point& p) { return p.n == n && p.workload == names[c]; });
      table.data[c + 1].push_back(
          found == report.points.end() ? std::numeric_limits<double>::quiet_NaN() : found->rate());
    }
  }
  io::write_plot(path, table, names,
                 fmt::format("cells x evaluations per second, {}, {} precision", report.device,
                             report.precision),
                 {}, io::PlotScale::logarithmic);
}

}  // namespace kubomag::cli

#include "cli/run_record.hpp"

#include <fmt/chrono.h>

#include <ctime>

#include "cli/build_info.hpp"
#include "cli/references.hpp"
#include "io/atomic_file.hpp"
#include "io/read_file.hpp"

namespace kubomag::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string now() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

const char* verdict_name(Verdict verdict) {
  return verdict == Verdict::good ? "good" : verdict == Verdict::caution ? "caution" : "refused";
}

Json theory(const io::RunConfig& config) {
  Json list = Json::array();
  for (const SmallParameter& parameter : config.small_parameters)
    list.push_back({{"name", parameter.name},
                    {"value", parameter.value},
                    {"caution_above", parameter.caution_above},
                    {"verdict", verdict_name(parameter.verdict)}});
  return list;
}

}  // namespace

Json start_record(const io::RunConfig& config, const Engine& engine) {
  const BuildInfo& build = build_info();
  Json record;
  record["kubomag"] = {{"version", build.version},
                       {"commit", build.commit},
                       {"compiler", build.compiler},
                       {"build_type", build.build_type}};
  record["status"] = "running";
  record["title"] = config.title;
  record["config_file"] = config.file.string();
  record["config"] = config.text;
  record["device"] = engine.device();
  record["precision"] = engine.precision() == Precision::single_precision ? "single" : "double";
  record["fields"] = config.output.fields;
  record["pictures"] = config.output.pictures;
  record["device_bytes"] = engine.bytes();
  record["started"] = now();
  if (config.hysteresis) record["points"] = config.hysteresis->B.size();
  if (config.surface) {
    record["E_is"] = config.surface->external ? "external" : "total";
    record["D_m2_per_s"] = config.problem.diffusion.D;
    record["small_parameters"] = theory(config);
  }
  record["cautions"] = config.cautions;
  if (config.padding && config.padding->width > 0)
    record["padding"] = {{"width_m", config.padding->width},
                         {"error", config.padding->error},
                         {"reason", config.padding->reason}};
  record["references"] = references(config);
  return record;
}

void add_descent(Json& record, const RelaxInfo& info) {
  record["relax"] = {{"converged", info.converged},
                     {"steps", info.steps},
                     {"evaluations", info.evaluations},
                     {"max_torque_T", info.max_torque},
                     {"fell_back", info.fell_back}};
}

void keep_descent(Json& record, const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "run.json")) return;
  const Json earlier = Json::parse(io::read_file(folder / "run.json"), nullptr, false);
  if (earlier.is_object() && earlier.contains("relax")) record["relax"] = earlier["relax"];
}

void end_record(Json& record, const std::string& status, const std::string& reason,
                Simulation& simulation, double wall_seconds) {
  record["status"] = status;
  if (!reason.empty()) record["reason"] = reason;
  record["ended"] = now();
  record["wall_s"] = wall_seconds;
  record["steps"] = simulation.state().steps;
  if (record.contains("points")) {
    record["points_done"] = simulation.state().table_rows;
    return;
  }
  record["time_s"] = simulation.engine().time();
}

void write_record(const std::filesystem::path& folder, const Json& record) {
  io::write_file(folder / "run.json", record.dump(2) + "\n");
}

}  // namespace kubomag::cli

#pragma once
// run.json: what was run, by what, how it went.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/config.hpp"
#include "kubomag/simulation.hpp"

namespace kubomag::cli {

/// The record at the start: version, commit, configuration, device, the theory's small parameters
/// and the references to cite; status "running".
nlohmann::ordered_json start_record(const io::RunConfig& config, const Engine& engine);

/// Adds how the relaxation ended.
void add_descent(nlohmann::ordered_json& record, const RelaxInfo& info);

/// The same from the record that `folder` holds, for a run that continues after its relaxation.
void keep_descent(nlohmann::ordered_json& record, const std::filesystem::path& folder);

/// Adds how the run ended: status "done", "interrupted" or "failed" with its reason, steps, time.
void end_record(nlohmann::ordered_json& record, const std::string& status,
                const std::string& reason, Simulation& simulation, double wall_seconds);

void write_record(const std::filesystem::path& folder, const nlohmann::ordered_json& record);

}  // namespace kubomag::cli

#pragma once
// The configuration file (docs/config.md) as validated data.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/config_local.hpp"
#include "io/config_surface.hpp"
#include "io/config_thiele.hpp"
#include "io/ovf.hpp"
#include "khat/validity.hpp"
#include "kubomag/engine.hpp"
#include "kubomag/problem.hpp"
#include "kubomag/simulation.hpp"
#include "setup/gate_spec.hpp"
#include "setup/padding.hpp"

namespace kubomag::io {

struct RunConfig {
  std::filesystem::path file;
  std::string text;  // the file as it is
  std::string title;

  Problem problem;
  std::optional<Relax> relax;
  double time = 0;                       // [s]
  std::optional<Placed> stop_when;       // a formula of the table's columns: true ends the run
  std::optional<Hysteresis> hysteresis;  // instead of a run in time
  OutputPlan output;
  std::vector<Placed> quantities;  // all that the output names
  std::optional<Window> window;
  std::optional<ThieleConfig> thiele;
  OvfFormat ovf = OvfFormat::binary4;
  DeviceChoice device;

  std::optional<SurfaceConfig> surface;  // what problem.surface was made from
  std::optional<LocalConfig> local;      // what problem.local was made from
  std::vector<GateSpec> gates;           // what the first of problem.drive.separable were made from
  std::optional<Padding> padding;        // where it was chosen automatically
  std::vector<SmallParameter> small_parameters;  // of the theory; empty without a surface
  std::vector<std::string> cautions;             // what to beware of: parameters not so small, ...
};

/// Reads a run. File names in it are relative to its folder. Throws InputError with one line
/// "file:line: key: what is wrong; what is allowed" per error, in the order of the file.
RunConfig read_config(const std::filesystem::path& path);
/// The same of `text` as if it stood in the file `path`.
RunConfig read_config(const std::filesystem::path& path, const std::string& text);

}  // namespace kubomag::io

// kubomag thiele: how a rigid skyrmion moves, without running anything, and beside what a run
// found.
#include "analysis/thiele.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "cli/command.hpp"
#include "cli/progress.hpp"
#include "cli/run_folder.hpp"
#include "cli/thiele_film.hpp"
#include "io/config.hpp"
#include "io/table.hpp"
#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

using io::format_quantity;

void line(const std::string& name, const std::string& value, const std::string& remark = "") {
  fmt::print("  {:<34} {:<22} {}\n", name, value, remark);
}

std::string degrees(double angle) {
  const double turn = std::remainder(angle, 2 * constants::pi);
  return fmt::format("{:.4g} deg", turn * 180 / constants::pi);
}

double size(Vec2<double> v) { return std::hypot(v.x, v.y); }

std::string meters_per_second(Vec2<double> v) {
  return fmt::format("({:.6g}, {:.6g}) m/s", v.x, v.y);
}

/// What drives the skyrmion: [thiele], or what the film has.
struct Prediction {
  RigidSkyrmion skyrmion;
  ThieleMotion motion;
  double direction = 0;  // of the drive, from x [rad]
  std::vector<std::string> remarks;
};

ThieleTorque torque_of(const io::ThieleConfig& config, double gamma) {
  const auto coefficient = [&](std::size_t k) {
    const auto [constant, of_sine_squared] = (*config.torque)[k];
    return [=](double mz) { return gamma * (constant + of_sine_squared * (1 - mz * mz)); };
  };
  return {coefficient(0), coefficient(1), coefficient(2), coefficient(3),
          config.dresselhaus ? TorqueSymmetry::dresselhaus : TorqueSymmetry::rashba};
}

Prediction predict(const io::RunConfig& run, const io::ThieleConfig& config) {
  Prediction p;
  p.skyrmion.profile =
      skyrmion_profile({config.Aex, std::hypot(config.Dind, config.Dbulk), config.K});
  p.skyrmion.polarity = config.polarity;
  p.skyrmion.helicity =
      config.helicity.value_or(preferred_helicity(config.Dind, config.Dbulk, config.polarity));
  if (config.torque) {
    p.direction = config.direction;
    p.motion = thiele_motion(p.skyrmion, torque_of(config, run.problem.GammaLL),
                             {std::cos(p.direction), std::sin(p.direction)}, config.alpha);
    return p;
  }
  const FilmForce film = force_of_film(run, p.skyrmion);
  p.direction = std::atan2(film.drive.y, film.drive.x);
  p.motion = thiele_motion(p.skyrmion, film.force, config.alpha);
  p.remarks = film.remarks;
  return p;
}

void print_profile(const io::ThieleConfig& config, const RigidSkyrmion& skyrmion) {
  const SkyrmionProfile& profile = skyrmion.profile;
  fmt::print("skyrmion of an infinite film (energies per thickness)\n");
  line("anisotropy K", format_quantity(config.K, "J/m3"),
       "Ku1, less mu_0 Msat^2/2 where demag is enabled");
  line("radius (mz = 0)", format_quantity(profile.radius, "m"));
  line("energy", fmt::format("{:.6g} J/m", profile.energy()),
       fmt::format("Derrick's relation holds to {:.0e}", std::abs(profile.virial())));
  line("charge, helicity", fmt::format("{}, {}", skyrmion.polarity, degrees(skyrmion.helicity)),
       config.helicity ? "" : "as the DMI prefers");
}

void print_motion(const Prediction& p, bool film) {
  const ThieleMotion& motion = p.motion;
  fmt::print("steady motion under {}\n", film ? "the film's torques" : "[thiele]");
  line("dissipation D", fmt::format("{:.6g}", motion.D));
  line("velocity", meters_per_second(motion.velocity));
  line("speed", fmt::format("{:.6g} m/s", size(motion.velocity)));
  line("Hall angle", degrees(motion.angle() - p.direction),
       "from the drive to the velocity, counter-clockwise");
  for (const std::string& remark : p.remarks) line("remark", remark);
}

/// The last row of a run with the analysis "skyrmion", beside the prediction.
void print_run(const std::filesystem::path& folder, const Prediction& p) {
  const io::Table table = io::read_table(folder / "table.txt");
  const auto last = [&](const char* name) { return table.data[table.find(name)].back(); };
  const Vec2<double> v{last("skyrmion_vx"), last("skyrmion_vy")}, expected = p.motion.velocity;
  fmt::print("run in {}, at its end\n", folder.string());
  line("radius (mz = 0)", format_quantity(last("skyrmion_radius"), "m"));
  line("helicity", degrees(last("skyrmion_helicity")));
  line("velocity", meters_per_second(v),
       fmt::format("{:.2g} % of the predicted speed away",
                   100 * size({v.x - expected.x, v.y - expected.y}) / size(expected)));
  line("speed", fmt::format("{:.6g} m/s", size(v)));
  line("Hall angle", degrees(std::atan2(v.y, v.x) - p.direction));
}

struct Arguments {
  std::string file, run;
};

int predict_and_compare(const Arguments& arguments) {
  const TableWatch watch;
  const io::RunConfig run = io::read_config(arguments.file);
  const io::ThieleConfig config = run.thiele ? *run.thiele : io::thiele_config(run.problem);
  const Prediction prediction = predict(run, config);
  print_profile(config, prediction.skyrmion);
  print_motion(prediction, !config.torque);
  const std::filesystem::path folder =
      arguments.run.empty() ? default_folder(arguments.file) : std::filesystem::path(arguments.run);
  if (!arguments.run.empty() || std::filesystem::exists(folder / "table.txt"))
    print_run(folder, prediction);
  return exit_done;
}

}  // namespace

void add_thiele(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "thiele", "Predict how the skyrmion of a configuration moves, beside what its run found");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("file", arguments->file, "configuration, with or without [thiele]")
      ->required();
  command->add_option("--run", arguments->run,
                      "folder of a run with the analysis \"skyrmion\" to compare with, by default "
                      "<file>.out where there is one");
  command->callback(
      [&action, arguments] { action = [arguments] { return predict_and_compare(*arguments); }; });
}

}  // namespace kubomag::cli

// kubomag thiele: how a rigid skyrmion moves, without running anything.
#include "analysis/thiele.hpp"

#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "io/config.hpp"
#include "io/units.hpp"
#include "kubomag/constants.hpp"
#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

using io::format_quantity;

void line(const std::string& name, const std::string& value, const std::string& remark = "") {
  fmt::print("  {:<34} {:<18} {}\n", name, value, remark);
}

std::string degrees(double angle) { return fmt::format("{:.4g} deg", angle * 180 / constants::pi); }

ThieleTorque torque_of(const io::ThieleConfig& config, double gamma) {
  const auto coefficient = [&](std::size_t k) {
    const auto [constant, of_sine_squared] = config.torque[k];
    return [=](double mz) { return gamma * (constant + of_sine_squared * (1 - mz * mz)); };
  };
  return {coefficient(0), coefficient(1), coefficient(2), coefficient(3),
          config.dresselhaus ? TorqueSymmetry::dresselhaus : TorqueSymmetry::rashba};
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
       config.helicity ? "" : "as Dind prefers");
}

void print_motion(const io::ThieleConfig& config, const ThieleMotion& motion) {
  fmt::print("steady motion\n");
  line("dissipation D", fmt::format("{:.6g}", motion.D));
  line("velocity", fmt::format("({:.6g}, {:.6g}) m/s", motion.velocity.x, motion.velocity.y));
  line("speed", fmt::format("{:.6g} m/s", std::hypot(motion.velocity.x, motion.velocity.y)));
  line("Hall angle", degrees(std::remainder(motion.angle() - config.direction, 2 * constants::pi)),
       "from the drive to the velocity, counter-clockwise");
}

int predict(const std::string& file) {
  const io::RunConfig run = io::read_config(file);
  if (!run.thiele)
    throw InputError(file + ": has no [thiele] section with the torques to predict from");
  const io::ThieleConfig& config = *run.thiele;
  RigidSkyrmion skyrmion{skyrmion_profile({config.Aex, config.Dind, config.K}), config.polarity,
                         interfacial_helicity(config.Dind, config.polarity)};
  if (config.helicity) skyrmion.helicity = *config.helicity;
  print_profile(config, skyrmion);
  print_motion(config, thiele_motion(skyrmion, torque_of(config, run.problem.GammaLL),
                                     {std::cos(config.direction), std::sin(config.direction)},
                                     config.alpha));
  return exit_done;
}

}  // namespace

void add_thiele(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "thiele", "Predict how the skyrmion of a configuration moves under its [thiele] torques");
  const auto file = std::make_shared<std::string>();
  command->add_option("file", *file, "configuration with a [thiele] section")->required();
  command->callback([&action, file] { action = [file] { return predict(*file); }; });
}

}  // namespace kubomag::cli

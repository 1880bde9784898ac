// Fields, energies and dm/dt of three states against OOMMF 2.1a0 (tests/data/oommf/README.md).
// Oxs_DMI_Cnv_z counts D [m.grad mz - mz div m] and omits neighbours that are not there: Dind = -D,
// open edges.

#include "io/ovf.hpp"
#include "support/backends.hpp"
#include "support/films.hpp"
#include "support/json.hpp"
#include "support/validation.hpp"

namespace kubomag::test {
namespace {

constexpr double Ms = 8e5, Ku1 = 5e5, gamma_G = 2.211e5;
const std::string source = "OOMMF 2.1a0";
constexpr const char* states[] = {"uz", "vortex", "energychiral"};

io::OvfField oommf_field(const std::string& state, const std::string& name) {
  return io::read_ovf(KUBOMAG_TEST_DATA "/oommf/" + state + "_" + name + ".ovf");
}

/// A field of OOMMF in tesla.
std::vector<double> oommf_B(const std::string& state, const std::string& name) {
  std::vector<double> values = oommf_field(state, name).values;
  for (double& value : values) value *= constants::mu_0;
  return values;
}

const nlohmann::json& oommf_energies() {
  static const nlohmann::json data = test::data_file("oommf/energies.json");
  return data;
}

Problem film_of(const std::string& state) {
  const io::OvfField m = oommf_field(state, "m");
  Problem p = plain_film(m.nx, m.ny, m.dx, m.dy, m.dz);
  p.GammaLL = gamma_G / constants::mu_0;
  p.material.set("Msat", Ms);
  p.material.set("Aex", 1.3e-11);
  p.material.set("Ku1", Ku1);
  p.material.set("anisU_x", 0.6);
  p.material.set("anisU_z", 0.8);
  p.material.set("Dind", -3e-3);
  p.material.set("dmi_boundary", 1);  // open
  p.material.set("alpha", 0.02);
  p.demag.enabled = true;
  FieldSource zeeman;
  zeeman.value = {20e-3, -15e-3, 30e-3};
  zeeman.signal = Signal::constant();
  p.B_ext = {zeeman};
  p.m = m.values;
  return p;
}

class OommfFields : public OnEveryBackend {};
KUBOMAG_ON_EVERY_BACKEND(OommfFields);

TEST_P(OommfFields, EveryTermHasTheSameField) {
  const std::pair<const char*, const char*> terms[] = {
      {"B_exch", "Hexch"}, {"B_anis", "Hanis"}, {"B_demag", "Hdemag"}, {"B_dmi", "Hdmi"}};
  for (const char* state : states) {
    const auto film = engine(film_of(state));
    for (const auto& [ours, theirs] : terms) {
      const auto expected = oommf_B(state, theirs);
      const auto got = film->quantity(ours);
      if (largest(expected) == 0)
        EXPECT_EQ(largest(got), 0) << state << " " << ours;
      else
        record({std::string("state `") + state + "`",
                std::string("largest difference of ") + ours + ", of its largest value", 0,
                tolerance(1e-10, 1e-5), source},
               relative_difference(got, expected));
    }
  }
}

TEST_P(OommfFields, EveryTermHasTheSameEnergy) {
  for (const char* state : states) {
    const Problem p = film_of(state);
    const auto all = engine(p)->observables();
    const auto& expected = oommf_energies()[state];
    // OOMMF counts Ku1 (1 - (m.u)^2).
    const double offset = Ku1 * static_cast<double>(p.grid.cells()) * p.grid.cell_volume();
    const double total = expected["total"].get<double>() - offset;
    const double close = tolerance(1e-10, 1e-6) * offset;
    const std::tuple<const char*, double, double> energies[] = {
        {"E_exch", expected["exchange"], 0},
        {"E_demag", expected["demag"], 0},
        {"E_anis", expected["anisotropy"], offset},
        {"E_Zeeman", expected["zeeman"], 0},
        {"E_dmi", expected["dmi"], 0},
        {"E_total", total, 0}};
    for (const auto& [name, value, added] : energies)
      record({std::string("state `") + state + "`",
              std::string("difference of ") + name + ", of Ku1 V", 0, close / offset, source},
             (observable(all, name) + added - value) / offset);
    for (const char* name : {"mx", "my", "mz"})
      EXPECT_NEAR(observable(all, name), expected[name].get<double>(), tolerance(1e-13, 1e-6))
          << state << " " << name;
  }
}

TEST_P(OommfFields, TheMagnetisationMovesTheSameWay) {
  for (const char* state : states) {
    const Problem p = film_of(state);
    auto got = engine(p)->quantity("torque");
    for (double& rate : got) rate *= p.GammaLL;  // [rad/s]
    record({std::string("state `") + state + "`",
            "largest difference of dm/dt, of its largest value", 0, tolerance(1e-10, 1e-5), source},
           relative_difference(got, oommf_field(state, "dmdt").values));
  }
}

}  // namespace
}  // namespace kubomag::test

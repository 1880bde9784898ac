#include "cli/bench_workloads.hpp"

#include <fmt/format.h>

#include "kubomag/error.hpp"

namespace kubomag::cli {
namespace {

// The point of mumax3's bench/bench.mx3: 4 nm cubes, Msat, Aex, alpha, field, state and scheme.
constexpr const char* demag = R"toml(thickness = "4 nm"
[material]
Msat = "800 kA/m"
Aex = "13 pJ/m"
alpha = 0.01
[[B_ext]]
B = ["0 T", "10 mT", "0 T"]
[initial]
m = [1, 0, 0]
[run]
time = "1 s"
scheme = "heun"
FixDt = "0.1 ps"
)toml";

// Cobalt on platinum, driven by the spin-Hall effect.
constexpr const char* local = R"toml(thickness = "1 nm"
[material]
Msat = "580 kA/m"
Aex = "15 pJ/m"
Ku1 = "800 kJ/m3"
anisU = [0, 0, 1]
Dind = "3 mJ/m2"
alpha = 0.1
theta_SH = 0.1
[demag]
enabled = false
[[B_ext]]
B = ["10 mT", "0 T", "20 mT"]
[[current]]
j = ["1e11 A/m2", "0 A/m2", "0 A/m2"]
[initial]
m = [0.3, 0, 1]
[run]
time = "1 s"
FixDt = "0.1 ps"
)toml";

// A ferromagnetic insulator on a topological insulator under a grated gate, with every energy term
// and a torque of a metal beside those of the surface.
constexpr const char* all = R"toml(thickness = "5 nm"
[material]
Msat = "140 kA/m"
Aex = "4 pJ/m"
Ku1 = "12 kJ/m3"
anisU = [0, 0, 1]
Kc1 = "1 kJ/m3"
Dind = "0.2 mJ/m2"
xi_VCMA = "30 fJ/(V m)"
alpha = 0.01
theta_SH = 0.1
[surface]
model = "dirac"
velocity = "5e5 m/s"
fermi_energy = "0.2 eV"
Delta_sd = "50 meV"
sigma_0 = 10
mz_reference = 0.7071
edges = ["no_flux", "no_flux"]
E_is = "total"
[gate]
kind = "grating"
period = "2 um"
height = "100 nm"
voltage = "20 mV"
signal = {kind = "sine", frequency = "5 GHz"}
[[E_z]]
E_z = "1e8 V/m"
[[B_ext]]
B = ["141 mT", "0 T", "141 mT"]
[[current]]
j = ["1e10 A/m2", "0 A/m2", "0 A/m2"]
[initial]
m = [1, 0, 1]
[run]
time = "1 s"
FixDt = "0.1 ps"
)toml";

// Electrons whose torque is looked up in a table at every evaluation: with couplings of one kind
// over m_z, with two kinds over the sphere. The state passes all over it.
std::string electrons(const std::string& model_and_couplings) {
  return R"toml(thickness = "1 nm"
[material]
Msat = "580 kA/m"
Aex = "15 pJ/m"
alpha = 0.1
[demag]
enabled = false
[[E]]
E = ["20 kV/m", "10 kV/m"]
[[B_ext]]
B = ["20 mT", "0 T", "50 mT"]
[initial]
kind = "helix"
period = "128 nm"
[run]
time = "1 s"
FixDt = "0.1 ps"
[surface]
drive = "E"
fermi_energy = "6 meV"
effective_mass = 0.8
Delta_sd = "5 meV"
impurity_strength = "inf"
impurity_density = "5e14 1/m2"
cutoff = "3.04e11 1/m"
alpha_R = "17 meV nm"
)toml" + model_and_couplings;
}

struct Case {
  Workload workload;
  std::string text;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all_of_them{
      {{"demag", "exchange, field and demagnetising field, Heun: mumax3's bench.mx3"}, demag},
      {{"local", "exchange, DMI, anisotropy and spin-orbit torque, no demagnetising field"}, local},
      {{"all", "every energy term, spin-orbit torque and a Dirac surface under a gate"}, all},
      {{"table", "exchange, field and the torque of electrons from a table over m_z"},
       electrons("model = \"rashba_tmatrix\"\n")},
      {{"sphere", "the same from a table over the sphere of m"},
       electrons("model = \"rashba_dresselhaus\"\nalpha_D = \"2 meV nm\"\n")}};
  return all_of_them;
}

}  // namespace

const std::vector<Workload>& workloads() {
  static const std::vector<Workload> list = [] {
    std::vector<Workload> out;
    for (const Case& one : cases()) out.push_back(one.workload);
    return out;
  }();
  return list;
}

std::string workload_text(const std::string& name, int n) {
  std::string names;
  for (const Case& one : cases()) {
    if (one.workload.name == name)
      return fmt::format("[grid]\ncells = [{}, {}]\ncell = [\"4 nm\", \"4 nm\"]\n", n, n) +
             one.text;
    names += (names.empty() ? "" : ", ") + one.workload.name;
  }
  throw InputError(fmt::format("there is no workload '{}'; there are {}", name, names));
}

io::RunConfig workload_config(const std::string& name, int n) {
  return io::read_config("bench-" + name + ".toml", workload_text(name, n));
}

}  // namespace kubomag::cli

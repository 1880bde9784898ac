#pragma once
// The microscopic models behind one interface (electron_model.hpp), each from a plain description
// in SI units: what config, torque tables, `kubomag khat` and Thiele are given. Derivations, signs
// and errata: docs/physics-electrons.md. q = -|e| throughout.
#include <memory>

#include "khat/band_model.hpp"
#include "khat/dirac.hpp"
#include "khat/electron_model.hpp"
#include "khat/finite_density.hpp"
#include "khat/tmatrix.hpp"

namespace kubomag {

/// "dirac": the disordered Dirac surface in a uniform field, leading order in the disorder.
/// Ndiaye 2017 (13), (14), corrected, in the helicity of dirac.hpp; with the current j of
/// Sokolewicz 2019 (3) it reads <sigma> = -(z x j)/(|e| v). This is the torque B_FL of the solver's
/// Dirac surface, not one to be added to it.
struct DiracSpec {
  DiracElectrons electrons;
  HallParts hall = HallParts::full;
};
std::unique_ptr<ElectronModel> make_dirac(const DiracSpec& spec);

/// "rashba": white-noise disorder in first Born approximation. tau is the momentum relaxation time
/// with both bands occupied, hbar/tau = n u^2/(2 C) (Ado 2017, below (8)) [s]; below E* only the
/// product n u^2 that it stands for counts. Above E*, for every m,
/// <sigma> = (|e| tau alpha_R/(2 pi hbar C)) z x E (Ado 2017 (16) with its sign corrected; the
/// Edelstein effect): the only torque is a.
struct RashbaSpec {
  ParabolicElectrons electrons;
  double tau = 0;
};
std::unique_ptr<ElectronModel> make_rashba(const RashbaSpec& spec);

enum class DensityScheme {
  dilute,  // leading order in the density of impurities (Veneri 2022, tmatrix.hpp)
  full     // self-consistent self-energy at that density (finite_density.hpp), with a cutoff always
};

/// "rashba_tmatrix" and "dresselhaus": point impurities of any strength with a density n [1/m^2].
/// dilute: K_E = q nK/n, sigma = (q^2/hbar) nsigma/n.
struct TMatrixSpec {
  SpinOrbit kind = SpinOrbit::rashba;
  ParabolicElectrons electrons;
  Impurities impurities;
  double density = 0;
  DensityScheme scheme = DensityScheme::dilute;
};
std::unique_ptr<ElectronModel> make_tmatrix(const TMatrixSpec& spec);

/// "rashba_dresselhaus": both spin-orbit couplings, H = C k^2 + alpha_R (k_x sigma_y - k_y sigma_x)
/// + alpha_D (k_x sigma_x - k_y sigma_y) - Delta_sd m.sigma, alpha_R in `electrons`; no symmetry
/// in the azimuth.
struct RashbaDresselhausSpec {
  ParabolicElectrons electrons;
  double alpha_D = 0;  // [J m]
  Impurities impurities;
  double density = 0;  // [1/m^2]
};
std::unique_ptr<ElectronModel> make_rashba_dresselhaus(const RashbaDresselhausSpec& spec);

/// "custom": any two bands; the cutoff is that of the bands, also in first Born, where it limits
/// the search for contours.
struct BandSpec {
  BandModel bands;
  Impurities impurities;
  double density = 0;  // [1/m^2]
};
std::unique_ptr<ElectronModel> make_custom(const BandSpec& spec);

// All of them throw InputError, when made, for input that no direction of m could cure: electrons
// outside the theory (check_electrons, check_parabolic), impurities that check_impurities refuses,
// tau or density not positive and finite.

}  // namespace kubomag

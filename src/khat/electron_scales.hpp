#pragma once
// The scales behind a response, band by band, and the small parameters of the theory: one manner
// for every model, from its Fermi surface (docs/physics-electrons.md, "Scales").
#include <string>
#include <vector>

#include "khat/coefficient.hpp"
#include "khat/electron_model.hpp"
#include "khat/fermi_surface.hpp"

namespace kubomag {

/// The electrons of one band at the Fermi energy; means are over its contours, weighted with the
/// density of states.
struct BandScales {
  int band = 0;    // +1, -1
  double k_F = 0;  // mean |k - centre of the contours| [1/m]
  double v_F = 0;  // mean speed [m/s]
  double nu = 0;   // density of states [1/(J m^2)]
  double n = 0;    // electrons in it, negative: holes [1/m^2]
  double tau = 0;  // mean lifetime hbar/(2 n_imp Gamma_k) [s]
  double l = 0;    // mean of speed times lifetime [m]
};

struct ElectronScales {
  std::vector<BandScales> bands;  // the lower one first, of those with a contour
  double nu = 0, n = 0;           // of both bands
  double splitting = 0;           // mean E_+ - E_- at the Fermi energy [J]
  double D = 0;                   // (sigma_xx + sigma_yy)/(2 e^2 nu) [m^2/s]
  Eigen::Vector4cd T;             // Pauli components of the T-matrix [J m^2]
};

/// Throws InputError where T_matrix does.
ElectronScales electron_scales(const FermiSurface& surface, const Eigen::Matrix2d& sigma);

/// The scales as named numbers with their sources; symbols end in _+ and _- for the two bands. What
/// a model does not have (an edge, the T-matrix of white noise) is left out.
std::vector<Coefficient> scale_coefficients(const FermiSurface& surface,
                                            const Eigen::Matrix2d& sigma, double Delta_sd);

/// The small parameters of the theory that are above 0.3, each with its value: 1/(k_F l),
/// impurities per electron, self-energy over Fermi energy. Throws like electron_scales.
std::vector<std::string> scale_cautions(const FermiSurface& surface, double Delta_sd);

}  // namespace kubomag

#pragma once
// The film's arrays on a device: vector fields and parameter maps.
#include <map>
#include <memory>
#include <vector>

#include "kernels/field.hpp"
#include "kubomag/error.hpp"
#include "kubomag/scalar_map.hpp"

namespace kubomag {

/// A vector field with one value per cell on the device.
template <class Backend, class Real>
class VectorBuffer {
 public:
  VectorBuffer() = default;
  VectorBuffer(const Backend& backend, std::size_t cells)
      : x_(backend.template make_buffer<Real>(cells)),
        y_(backend.template make_buffer<Real>(cells)),
        z_(backend.template make_buffer<Real>(cells)) {}

  VectorView<Real> view() { return {x_.data(), y_.data(), z_.data()}; }
  VectorView<const Real> view() const { return {x_.data(), y_.data(), z_.data()}; }
  std::size_t bytes() const { return 3 * x_.size() * sizeof(Real); }

  /// From and to three components in a row, in double.
  void upload(const Backend& backend, const std::vector<double>& values) {
    const std::size_t n = x_.size();
    int c = 0;
    for (auto* part : {&x_, &y_, &z_}) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(n * c++);
      backend.upload(*part, std::vector<Real>(first, first + static_cast<std::ptrdiff_t>(n)));
    }
  }
  std::vector<double> download(const Backend& backend, int components = 3) const {
    const std::size_t n = x_.size();
    std::vector<double> values;
    values.reserve(components * n);
    std::vector<Real> part(n);
    for (int c = 0; c < components; ++c) {
      backend.download(part, c == 0 ? x_ : c == 1 ? y_ : z_);
      values.insert(values.end(), part.begin(), part.end());
    }
    return values;
  }

 private:
  typename Backend::template Buffer<Real> x_, y_, z_;
};

/// Brings ScalarMaps to the device and keeps them there.
template <class Backend, class Real, bool Mapped>
class ParamUploader {
 public:
  ParamUploader(const Backend& backend, std::size_t cells) : backend_(backend), cells_(cells) {}

  Param<Real, Mapped> operator()(const ScalarMap& map) {
    Param<Real, Mapped> param{static_cast<Real>(map(0)), nullptr};
    if (map.uniform()) {
      if constexpr (Mapped && Backend::arrays_for_all_parameters) param.map = constant(param.value);
      return param;
    }
    if (!Mapped) throw Error("a map was given to an engine of uniform parameters");
    param.map = store(std::vector<Real>(map.cells().begin(), map.cells().end()));
    return param;
  }

  /// A table of plain data; null if it is empty.
  template <class T>
  const T* array(const std::vector<T>& values) {
    if (values.empty()) return nullptr;
    using Buffer = typename Backend::template Buffer<T>;
    auto buffer = std::make_shared<Buffer>(backend_.template make_buffer<T>(values.size()));
    backend_.upload(*buffer, values);
    table_bytes_ += values.size() * sizeof(T);
    tables_.push_back(buffer);
    return buffer->data();
  }
  /// The same of numbers, in the device's precision.
  const Real* reals(const std::vector<double>& values) {
    return array(std::vector<Real>(values.begin(), values.end()));
  }

  std::size_t bytes() const {
    std::size_t sum = table_bytes_;
    for (const auto& map : maps_) sum += map.size() * sizeof(Real);
    return sum;
  }

 private:
  const Real* store(const std::vector<Real>& values) {
    auto buffer = backend_.template make_buffer<Real>(values.size());
    backend_.upload(buffer, values);
    maps_.push_back(std::move(buffer));
    return maps_.back().data();
  }

  /// An array of one value; parameters of the same value share it, and the cache with it.
  const Real* constant(Real value) {
    const auto [known, is_new] = constants_.try_emplace(value, nullptr);
    if (is_new) known->second = store(std::vector<Real>(cells_, value));
    return known->second;
  }

  const Backend& backend_;
  std::size_t cells_;
  std::map<Real, const Real*> constants_;
  std::vector<typename Backend::template Buffer<Real>> maps_;
  std::vector<std::shared_ptr<void>> tables_;  // of any type; freed as what they are
  std::size_t table_bytes_ = 0;
};

}  // namespace kubomag

#pragma once

namespace kubomag {

/// Takes many steps without the host; specialised for the backend that can, in
/// device_stepper_cuda.cuh:
///   DeviceStepper(CudaBackend&, const Grid&)
///   bool record(slope, attempt, exchange, rule)
///       slope(passes, numbers) launches what the first slope is made of, attempt(passes, numbers)
///       an attempted step, whose own passes go through settling(); both are called on either side
///       of an exchange(), which brings the buffers to how they are after a step, or back. All
///       three are kept, to be called again when that is needed. False: a device cannot do it.
///       Where graphs are off both are called for what they ask of `numbers`, which are not known
///       yet, and may overwrite slopes.
///   settling()                 passes like the others, of which the last settles the attempt
///   void keep_torque()         for `slope`: the maxima that its passes found are the torque
///   double slope(state, side)  the first slope, from the buffers as they are before (side 0) or
///       after (1) exchange(); the largest |dm/dt| / gamma [T]
///   RunState run(state, side, steps, limit)   at most that many steps, none that ends at `limit`
///       or later
///   std::size_t bytes() const;
template <class Backend, class Real>
class DeviceStepper {};

}  // namespace kubomag

#pragma once
// What can go wrong. Messages read: what is wrong (why), what is allowed or what to do.
#include <stdexcept>
#include <string>

namespace kubomag {

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Bad input: nothing was computed and nothing was written. The command line exits with 2.
struct InputError : Error {
  using Error::Error;
};

/// The run itself failed (NaN, a step size that collapses, a full disk). Exit status 3.
struct RunError : Error {
  using Error::Error;
};

/// A device or one of its libraries refused a call: carries the call, the place and the reason.
struct DeviceError : RunError {
  using RunError::RunError;
};

}  // namespace kubomag

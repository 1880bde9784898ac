#include "solver/engine_cuda_double.cu"

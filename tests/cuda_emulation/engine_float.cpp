#include "solver/engine_cuda_float.cu"

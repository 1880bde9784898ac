#include "solver/engine_cuda.cu"

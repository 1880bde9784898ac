#include "solver/macrospins_cuda_float.cu"

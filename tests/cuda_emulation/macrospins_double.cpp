#include "solver/macrospins_cuda_double.cu"

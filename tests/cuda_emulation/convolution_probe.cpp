#include "convolution_probe.cu"

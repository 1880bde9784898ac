#pragma once
#include "solver/drive_field.hpp"

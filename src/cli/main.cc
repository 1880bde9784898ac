#include "cli/commands.hpp"

int main(int argc, char** argv) { return kubomag::cli::run(argc, argv); }

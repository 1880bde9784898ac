// A library needs a source; this one is here for support/precompiled.hpp alone.

// Which compiled version of the CPU's engines is taken, and that all that were built agree: to
// some units in the last place of |m| after two steps, 1e-15 in double and 5e-7 in single precision
// (a step moves m by less than a tenth, so that the roundings of the field weigh less than those of
// m). The bits differ, as no level rounds like another.
#include "solver/cpu_code.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kubomag/error.hpp"
#include "solver/plugin.hpp"
#include "support/films.hpp"

namespace kubomag {
namespace {

const std::vector<std::string> v2{"x86-64", "x86-64-v2"}, v3{"x86-64", "x86-64-v2", "x86-64-v3"};

TEST(CpuCode, TakesTheHighestLevelThatIsThere) {
  const auto level = [](const std::string& own, const std::vector<std::string>& built,
                        const std::vector<std::string>& supported) {
    return choose_cpu_level(own, built, supported, "").level;
  };
  const std::vector<std::string> both{"x86-64-v3", "x86-64-v4"};
  EXPECT_EQ(level("x86-64-v2", both, v2), "x86-64-v2");
  EXPECT_EQ(level("x86-64-v2", both, v3), "x86-64-v3");
  EXPECT_EQ(level("x86-64-v2", both, cpu_levels()), "x86-64-v4");
  EXPECT_EQ(level("x86-64-v2", {"x86-64-v3"}, cpu_levels()), "x86-64-v3");
  EXPECT_EQ(level("x86-64-v4", {"x86-64-v3"}, cpu_levels()), "x86-64-v4");  // its own is higher
  EXPECT_EQ(level("x86-64-v2", {}, cpu_levels()), "x86-64-v2");
}

TEST(CpuCode, SaysWhy) {
  EXPECT_EQ(choose_cpu_level("x86-64-v2", {}, v3, "").reason, "the only one that was built");
  EXPECT_THAT(choose_cpu_level("x86-64-v2", {"x86-64-v3"}, v3, "").reason,
              testing::HasSubstr("highest"));
  EXPECT_THAT(choose_cpu_level("x86-64-v2", {"x86-64-v3"}, v3, "x86-64-v2").reason,
              testing::HasSubstr("KUBOMAG_CPU_LEVEL"));
}

TEST(CpuCode, TakesTheLevelThatIsAskedFor) {
  EXPECT_EQ(choose_cpu_level("x86-64-v2", {"x86-64-v3"}, v3, "x86-64-v2").level, "x86-64-v2");
  const auto refused = [](const std::vector<std::string>& built,
                          const std::vector<std::string>& supported, const std::string& wanted) {
    try {
      choose_cpu_level("x86-64-v2", built, supported, wanted);
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  for (const std::string& why :
       {refused({"x86-64-v3"}, v2, "x86-64-v3"), refused({}, v3, "x86-64-v3"),
        refused({"x86-64-v3"}, v3, "fastest")})
    EXPECT_THAT(why, testing::HasSubstr("allowed: x86-64-v2"));
}

TEST(CpuCode, IsOfALevelThatTheProcessorHas) {
  EXPECT_THAT(cpu_levels(), testing::Contains(cpu_code().level));
}

/// The engines of a level that was built beside the program; false: it was not.
bool load(const std::string& level, CpuEngines& engines) {
  const auto path = plugin_path("libkubomag_cpu_" + level + ".so");
  if (path.empty()) return false;
  const Plugin module = load_plugin(path);
  EXPECT_EQ(module.problem, "");
  const auto exported = module.function<KubomagCpuEngines>("kubomag_cpu_engines");
  EXPECT_EQ(exported(cpu_module_version + 1), nullptr);
  engines = *exported(cpu_module_version);
  return true;
}

std::vector<double> after(const CpuEngines& engines, const Problem& problem, bool single) {
  const auto engine = engines.film(problem, 1, single);
  engine->step(1e-13);
  engine->step(2e-13);
  return engine->m();
}

TEST(CpuCode, AllLevelsAgreeToRounding) {
  Problem film = test::plain_film(37, 21);
  film.demag.enabled = true;
  film.material.set("Aex", 1.3e-11);
  film.m = test::wavy(film.grid);
  film.integrator.FixDt = 1e-13;  // a step size of its own would end each level at another time
  bool any = false;
  for (const std::string& level : cpu_levels()) {
    CpuEngines other{};
    if (!load(level, other)) continue;
    any = true;
    for (const bool single : {false, true}) {
      const auto expected = after(compiled_cpu_engines(), film, single);
      const auto found = after(other, film, single);
      for (std::size_t i = 0; i < found.size(); ++i)
        ASSERT_NEAR(found[i], expected[i], single ? 5e-7 : 1e-15) << level << ' ' << i;
    }
  }
  if (!any) GTEST_SKIP() << "this build has one level only; the preset `portable` builds more";
}

}  // namespace
}  // namespace kubomag

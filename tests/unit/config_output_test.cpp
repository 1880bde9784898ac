// What [output] and the condition of [run] become, and what is refused.
#include <gmock/gmock.h>

#include "support/config_fixture.hpp"

using namespace kubomag;
using namespace kubomag::io;
using namespace kubomag::test;
using testing::HasSubstr;

namespace {

const std::string timed = "[run]\ntime = \"1 ns\"\n";
const std::string rows = "[output]\ntable = \"10 ps\"\n";

}  // namespace

TEST_F(Config, MeansAndLargestValues) {
  const RunConfig config =
      read(film +
           "[shape.end]\nkind = \"rectangle\"\nsize = [\"10 nm\", \"inf\"]\n"
           "shift = [\"5 nm\", \"0 nm\"]\n" +
           timed + rows +
           "averages = [\"B_ext\", {of = \"m\", where = \"x < 0\", name = \"left\"}]\n"
           "maxima = [\"B_exch\", {of = \"B_eff\", where = \"end\", name = \"right\"}]\n");
  const std::vector<Reduction>& all = config.output.reductions;
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].quantity, "B_ext");
  EXPECT_EQ(all[0].name, "");
  EXPECT_TRUE(all[0].where.uniform());
  EXPECT_EQ(all[1].quantity, "m");
  EXPECT_EQ(all[1].name, "left");
  EXPECT_EQ(all[2].take, Reduction::Take::max);
  for (int ix = 0; ix < 4; ++ix) {
    EXPECT_EQ(all[1].where(config.problem.grid.index(ix, 1)) != 0, ix < 2);
    EXPECT_EQ(all[3].where(config.problem.grid.index(ix, 1)) != 0, ix >= 2);
  }
  ASSERT_EQ(config.quantities.size(), 4u);
  EXPECT_EQ(config.quantities[3].text, "B_eff");
  EXPECT_THAT(config.quantities[3].place, HasSubstr("run.toml:17: output.maxima.of"));
}

TEST_F(Config, WrongMeansAreRefused) {
  const std::string start = film + timed + rows;
  EXPECT_EQ(message(start + "averages = [\"m\"]\n"),
            "run.toml:12: output.averages: mx, my and mz are in every table; other names, or "
            "{of = \"m\", where = \"x > 0\", name = \"right\"}, are expected");
  EXPECT_THAT(message(start + "maxima = [\"torque\"]\n"),
              HasSubstr("max_torque is in every table; other names, or {of = \"torque\", "));
  EXPECT_EQ(message(start + "averages = [{of = \"m\", where = \"x > 1\", name = \"right\"}]\n"),
            "run.toml:12: output.averages.where: no centre of a magnetic cell lies inside");
  EXPECT_THAT(message(start + "averages = [{of = \"m\", where = \"x > 0\"}]\n"),
              HasSubstr("name is missing"));
  EXPECT_EQ(message(start + "maxima = [{of = \"m\", where = \"x > 0\", name = \"3\"}]\n"),
            "run.toml:12: output.maxima.name: letters, digits and _, no digit first, are "
            "expected: it ends the names of the columns");
  EXPECT_THAT(message(start + "maxima = [{of = \"m\", where = \"x > 0\", nam = \"a\"}]\n"),
              HasSubstr("did you mean 'name'?"));
}

TEST_F(Config, AConditionNeedsATable) {
  const RunConfig config = read(film + timed + "stop_when = \"mz < 0\"\n" + rows);
  EXPECT_EQ(config.stop_when->text, "mz < 0");
  EXPECT_THAT(config.stop_when->place, HasSubstr("run.toml:10: run.stop_when"));
  EXPECT_EQ(message(film + timed + "stop_when = \"mz < 0\"\n"),
            "run.toml:10: run.stop_when: the condition is looked at in the rows of the table, and "
            "there are none; table = \"10 ps\" in [output], say, is expected");
}

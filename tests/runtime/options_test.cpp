// The command line of a simulator.
#include "rules/runtime/options.h"

#include <initializer_list>

#include "tests/runtime/check.h"

namespace {

rules_sv::Options parse(std::initializer_list<const char*> words) {
  std::vector<std::string> storage = {"sim"};
  storage.insert(storage.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (std::string& word : storage) argv.push_back(word.data());
  return rules_sv::parse_options(static_cast<int>(argv.size()), argv.data());
}

TEST("nothing is asked for by default") {
  const rules_sv::Options options = parse({});
  CHECK_EQ("", options.error);
  CHECK(!options.cycles && !options.max_cycles && !options.seed && !options.help);
  CHECK(options.trace.empty() && options.plusargs.empty());
}

TEST("values are glued on or separate") {
  const rules_sv::Options glued = parse({"--cycles=10", "--max-cycles=20", "--seed=3", "--trace=a b.vcd"});
  const rules_sv::Options separate = parse({"--cycles", "10", "--max-cycles", "20", "--seed", "3", "--trace", "a b.vcd"});
  for (const rules_sv::Options& options : {glued, separate}) {
    CHECK_EQ("", options.error);
    CHECK(options.cycles == 10u);
    CHECK(options.max_cycles == 20u);
    CHECK(options.seed == 3u);
    CHECK_EQ("a b.vcd", options.trace);
  }
}

TEST("the last one counts") { CHECK(parse({"--cycles=10", "--cycles=11"}).cycles == 11u); }

TEST("a file for coverage") { CHECK_EQ("c.dat", parse({"--coverage=c.dat"}).coverage); }

TEST("an equals sign in a value is part of it") { CHECK_EQ("a=b", parse({"--trace=a=b"}).trace); }

TEST("digits may be grouped as in SystemVerilog") { CHECK(parse({"--cycles=1_000_000"}).cycles == 1000000u); }

TEST("plusargs are kept whole and in order") {
  const rules_sv::Options options = parse({"+b=x y", "--", "+a=\"$5\"", "+", "+verilator+debug"});
  CHECK_EQ("", options.error);
  CHECK_EQ(4u, options.plusargs.size());
  if (options.plusargs.size() == 4) {
    CHECK_EQ("+b=x y", options.plusargs[0]);
    CHECK_EQ("+a=\"$5\"", options.plusargs[1]);
    CHECK_EQ("+", options.plusargs[2]);
    CHECK_EQ("+verilator+debug", options.plusargs[3]);
  }
}

TEST("numbers out of range or no numbers are refused with what is expected") {
  const char* const wrong[] = {"--cycles=0",     "--cycles=-1",  "--cycles=1e6",     "--cycles=0x10",
                               "--cycles=ten",   "--cycles=_",   "--max-cycles=-1",  "--max-cycles=_", "--seed=0",
                               "--seed=2147483648", "--cycles= 1",  "--cycles=1.5",
                               "--cycles=99999999999999999999", "--max-cycles=18446744073709551616"};
  for (const char* const word : wrong) {
    const rules_sv::Options options = parse({word});
    CHECK_HAS(options.error, word);
    CHECK_HAS(options.error, "a whole number from ");
    CHECK(!options.cycles && !options.max_cycles && !options.seed);
  }
}

TEST("limits themselves are taken") {
  CHECK(parse({"--seed=2147483647"}).seed == 2147483647u);
  CHECK(parse({"--max-cycles=0"}).max_cycles == 0u);
  CHECK(parse({"--cycles=4611686018427387903"}).cycles == 4611686018427387903u);
}

TEST("a missing value is an error") {
  for (const char* const word : {"--cycles", "--max-cycles=", "--seed", "--trace", "--trace="}) {
    const std::string error = parse({word}).error;
    CHECK_HAS(error, " takes a value: --");
  }
}

TEST("unknown words are refused by name") {
  for (const char* const word : {"--cycle=5", "--cyclesx=5", "-v", "plusarg=1", "--trace-fst", "-"}) {
    const std::string error = parse({"+a", word}).error;
    CHECK_HAS(error, std::string("unknown argument '") + word + "'");
    CHECK_HAS(error, "--help");
  }
}

TEST("the first error is the one that is told") {
  CHECK_HAS(parse({"--cycles=x", "--nonsense"}).error, "--cycles=x");
}

TEST("help is asked for in two ways") {
  CHECK(parse({"--help"}).help);
  CHECK(parse({"-h"}).help);
}

TEST("the help names every option, and what waveforms there are") {
  for (const char* const trace : {"none", "vcd", "fst"}) {
    const std::string text = rules_sv::help_text("path/of/sim", trace, false);
    CHECK_EQ(0u, text.find("usage: path/of/sim "));
    for (const char* const word : {"--cycles=N", "--max-cycles=N", "--seed=N", "--trace=FILE", "--help", "+NAME"})
      CHECK_HAS(text, word);
  }
  CHECK_HAS(rules_sv::help_text("sim", "vcd", true), "write the waveform to FILE (vcd)");
  CHECK_HAS(rules_sv::help_text("sim", "none", false), "build it with trace = ");
  CHECK_HAS(rules_sv::help_text("sim", "none", false), "build it with coverage = True");
  CHECK_HAS(rules_sv::help_text("sim", "none", true), "write coverage to FILE");
}

}  // namespace

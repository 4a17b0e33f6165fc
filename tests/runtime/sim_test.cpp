// The built-in main, with a model that only takes notes.
#include "rules/runtime/sim.h"

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "tests/runtime/check.h"

namespace {

// One evaluation, as the model saw its inputs.
struct Eval {
  std::uint64_t time;
  std::vector<bool> clocks;
  bool reset;
};

// What happened in one simulation.
struct Notes {
  int exit_code = -1;
  std::string out;
  std::string err;
  int models = 0;
  int finals = 0;
  std::vector<Eval> evals;
  std::string wave_path;
  std::vector<std::uint64_t> dumps;
  int closed = 0;
  int seed = 0;
  std::string plusarg;  // what $value$plusargs("n=%s") would see
  std::string folder;   // where the simulation ran
};

class NoteWave : public rules_sv::Wave {
 public:
  explicit NoteWave(Notes& notes) : notes_(notes) {}
  void open(const std::string& path) override { notes_.wave_path = path; }
  void dump(std::uint64_t time) override { notes_.dumps.push_back(time); }
  void close() override { ++notes_.closed; }

 private:
  Notes& notes_;
};

using OnEval = std::function<void(VerilatedContext&, const Notes&)>;

class NoteModel : public rules_sv::Model {
 public:
  NoteModel(VerilatedContext& context, Notes& notes, std::vector<std::uint64_t> events, OnEval on_eval)
      : context_(context), notes_(notes), events_(std::move(events)), on_eval_(std::move(on_eval)) {
    char buffer[4096];
    notes.folder = getcwd(buffer, sizeof buffer);
    notes.seed = context.randSeed();
    notes.plusarg = context.commandArgsPlusMatch("n=");
    ++notes.models;
  }

  void eval() override {
    notes_.evals.push_back({context_.time(), clocks_, reset_});
    while (!events_.empty() && events_.front() <= context_.time()) events_.erase(events_.begin());
    on_eval_(context_, notes_);
  }
  void final() override { ++notes_.finals; }
  bool events_pending() override { return !events_.empty(); }
  std::uint64_t next_time_slot() override { return events_.front(); }
  void set_clock(std::size_t index, bool high) override {
    if (clocks_.size() <= index) clocks_.resize(index + 1);
    clocks_[index] = high;
  }
  void set_resets(bool asserted) override { reset_ = asserted; }
  std::unique_ptr<rules_sv::Wave> make_wave() override { return std::make_unique<NoteWave>(notes_); }

  // As ModelOf does it.
  std::uint64_t run_clock(std::uint64_t cycles, std::uint64_t half) override {
    std::uint64_t begun = 0;
    while (begun < cycles && rules_sv::g_signal == 0) {
      context_.timeInc(half);
      set_clock(0, true);
      eval();
      ++begun;
      if (context_.gotFinish()) break;
      context_.timeInc(half);
      set_clock(0, false);
      eval();
      if (context_.gotFinish()) break;
    }
    return begun;
  }

 private:
  VerilatedContext& context_;
  Notes& notes_;
  std::vector<std::uint64_t> events_;
  OnEval on_eval_;
  std::vector<bool> clocks_;
  bool reset_ = false;
};

std::string temporary(const std::string& name) { return std::string(std::getenv("TEST_TMPDIR")) + "/" + name; }

rules_sv::Config config(std::vector<rules_sv::Clock> clocks = {}) {
  rules_sv::Config config{};
  config.label = "//x:sim";
  config.top = "top";
  config.workspace = "_main";
  config.trace = "none";
  config.clocks = std::move(clocks);
  config.reset_cycles = 5;
  config.seed = 1;
  return config;
}

const rules_sv::Clock kClk = {"clk", 10'000'000};  // 10 ns

Notes simulate(const rules_sv::Config& config, std::vector<std::string> words, OnEval on_eval,
               std::vector<std::uint64_t> events = {}) {
  Notes notes;
  words.insert(words.begin(), temporary("sim"));
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  rules_sv::g_signal = 0;
  std::fflush(nullptr);
  const int out = dup(1);
  const int err = dup(2);
  if (!std::freopen(temporary("out").c_str(), "w", stdout) || !std::freopen(temporary("err").c_str(), "w", stderr))
    std::abort();
  notes.exit_code = rules_sv::simulate(
      static_cast<int>(argv.size()), argv.data(), config,
      [&](VerilatedContext& context) -> std::unique_ptr<rules_sv::Model> {
        context.timeprecision(-12);
        return std::make_unique<NoteModel>(context, notes, events, on_eval);
      });
  std::fflush(nullptr);
  dup2(out, 1);
  dup2(err, 2);
  close(out);
  close(err);
  notes.out = check::read_file(temporary("out"));
  notes.err = check::read_file(temporary("err"));
  return notes;
}

// Rising edges of a clock: the times, and whether the reset was asserted.
std::vector<Eval> rises(const Notes& notes, std::size_t clock = 0) {
  std::vector<Eval> found;
  bool last = false;
  for (const Eval& eval : notes.evals) {
    const bool now = clock < eval.clocks.size() && eval.clocks[clock];
    if (now && !last) found.push_back(eval);
    last = now;
  }
  return found;
}

void nothing(VerilatedContext&, const Notes&) {}

// $finish at a time.
OnEval finish_at(std::uint64_t time) {
  return [time](VerilatedContext& context, const Notes&) {
    if (context.time() >= time) context.gotFinish(true);
  };
}

TEST("a top that makes its own time runs from event to event until $finish") {
  const Notes notes = simulate(config(), {}, finish_at(30), {10, 20, 30, 40});
  CHECK_EQ(0, notes.exit_code);
  CHECK_EQ(4u, notes.evals.size());
  CHECK_EQ(30u, notes.evals.back().time);
  CHECK_EQ(1, notes.finals);
  CHECK_HAS(notes.err, "seed 1\n");
  CHECK_HAS(notes.err, "simulated 4 cycles in ");
  CHECK_HAS(notes.err, " kcycles/s)\n");
}

TEST("nothing left to happen before $finish is a failure that says what to do") {
  const Notes notes = simulate(config(), {}, nothing, {10});
  CHECK_EQ(1, notes.exit_code);
  CHECK_HAS(notes.err, "error: //x:sim: nothing is left to happen and $finish was not called");
  CHECK_HAS(notes.err, "clocks = {");
  CHECK_EQ(1, notes.finals);
}

TEST("a clock rises after half a period, and the reset lasts five rising edges") {
  const Notes notes = simulate(config({kClk}), {"--cycles=8"}, nothing);
  CHECK_EQ(0, notes.exit_code);
  const std::vector<Eval> edges = rises(notes);
  CHECK_EQ(8u, edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    CHECK_EQ(5000u + 10000u * i, edges[i].time);
    CHECK_EQ(i < 5, edges[i].reset);
  }
  CHECK_HAS(notes.err, "simulated 8 cycles in ");
}

TEST("asserting a reset is an edge at time 0, and it is released while the clock is low") {
  const Notes notes = simulate(config({kClk}), {"--cycles=8"}, nothing);
  CHECK(notes.evals.size() > 2 && !notes.evals[0].reset && notes.evals[1].reset);
  CHECK(notes.evals[0].time == 0 && notes.evals[1].time == 0);
  for (std::size_t i = 2; i < notes.evals.size(); ++i) {
    if (notes.evals[i - 1].reset && !notes.evals[i].reset) {
      CHECK(!notes.evals[i].clocks[0]);
      CHECK(!notes.evals[i - 1].clocks[0]);
    }
  }
}

TEST("with a waveform or events of its own a clocked top sees the same edges") {
  rules_sv::Config traced = config({kClk});
  traced.trace = "vcd";
  rules_sv::Config timed = config({kClk});
  timed.timing = true;
  const std::vector<Eval> fast = rises(simulate(config({kClk}), {"--cycles=9"}, nothing));
  const std::vector<Eval> with_wave = rises(simulate(traced, {"--cycles=9", "--trace=" + temporary("x.vcd")}, nothing));
  const std::vector<Eval> with_events = rises(simulate(timed, {"--cycles=9"}, nothing, {1, 2, 7000, 30000}));
  CHECK_EQ(9u, fast.size());
  for (const std::vector<Eval>& other : {with_wave, with_events}) {
    CHECK_EQ(fast.size(), other.size());
    for (std::size_t i = 0; i < std::min(fast.size(), other.size()); ++i) {
      CHECK_EQ(fast[i].time, other[i].time);
      CHECK_EQ(fast[i].reset, other[i].reset);
    }
  }
}

TEST("events of the model's own get their times between the clock's edges") {
  rules_sv::Config timed = config({kClk});
  timed.timing = true;
  const Notes notes = simulate(timed, {"--cycles=2"}, nothing, {1234, 5000, 7777});
  std::vector<std::uint64_t> times;
  for (const Eval& eval : notes.evals) times.push_back(eval.time);
  CHECK((times == std::vector<std::uint64_t>{0, 0, 1234, 5000, 7777, 10000, 15000}));
}

TEST("two clocks keep their periods; edges at one time are one evaluation") {
  const Notes notes = simulate(config({kClk, {"clk2", 4'000'000}}), {"--cycles=3"}, nothing);
  std::vector<std::uint64_t> first, second;
  for (const Eval& eval : rises(notes, 0)) first.push_back(eval.time);
  for (const Eval& eval : rises(notes, 1)) second.push_back(eval.time);
  CHECK((first == std::vector<std::uint64_t>{5000, 15000, 25000}));
  CHECK((second == std::vector<std::uint64_t>{2000, 6000, 10000, 14000, 18000, 22000}));
  int at_10000 = 0;
  for (const Eval& eval : notes.evals) at_10000 += eval.time == 10000;
  CHECK_EQ(1, at_10000);
}

TEST("no reset cycles: released before the first rising edge") {
  rules_sv::Config none = config({kClk});
  none.reset_cycles = 0;
  const std::vector<Eval> edges = rises(simulate(none, {"--cycles=2"}, nothing));
  CHECK_EQ(2u, edges.size());
  CHECK(!edges.empty() && !edges[0].reset);
}

TEST("the cycle limit fails and says how to raise it") {
  rules_sv::Config limited = config({kClk});
  limited.max_cycles = 7;
  const Notes notes = simulate(limited, {}, nothing);
  CHECK_EQ(1, notes.exit_code);
  CHECK_EQ(7u, rises(notes).size());
  CHECK_HAS(notes.err, "error: //x:sim: no $finish within 7 cycles. Raise max_cycles, or run with --max-cycles=N");
}

TEST("the cycle limit holds for tops that make their own time, too") {
  rules_sv::Config limited = config();
  limited.max_cycles = 3;
  const Notes notes = simulate(limited, {}, nothing, {1, 2, 3, 4, 5});
  CHECK_EQ(1, notes.exit_code);
  CHECK_EQ(3u, notes.evals.size());
}

TEST("of --cycles and the limit the lower one counts, and --cycles is no failure") {
  rules_sv::Config limited = config({kClk});
  limited.max_cycles = 7;
  CHECK_EQ(0, simulate(limited, {"--cycles=7"}, nothing).exit_code);
  CHECK_EQ(0, simulate(limited, {"--cycles=3"}, nothing).exit_code);
  CHECK_EQ(1, simulate(limited, {"--cycles=8"}, nothing).exit_code);
  CHECK_EQ(0, simulate(limited, {"--cycles=8", "--max-cycles=0"}, nothing).exit_code);
  CHECK_EQ(0, simulate(limited, {"--max-cycles=20"}, finish_at(145000)).exit_code);
  CHECK_EQ(1, simulate(limited, {"--max-cycles=6"}, finish_at(145000)).exit_code);
}

TEST("$finish in the last cycle before the limit is in time") {
  rules_sv::Config limited = config({kClk});
  limited.max_cycles = 7;
  CHECK_EQ(0, simulate(limited, {}, finish_at(65000)).exit_code);
}

TEST("an error fails, $finish or not") {
  const Notes error = simulate(config({kClk}), {"--cycles=9"}, [](VerilatedContext& context, const Notes&) {
    if (context.time() == 25000) context.errorCountInc();
  });
  CHECK_EQ(1, error.exit_code);
  const Notes fatal = simulate(config({kClk}), {}, [](VerilatedContext& context, const Notes&) {
    if (context.time() < 25000) return;
    context.gotError(true);
    context.gotFinish(true);
  });
  CHECK_EQ(1, fatal.exit_code);
  CHECK_EQ(1, fatal.finals);
}

TEST("a signal ends the run with the waveform closed") {
  for (const int number : {SIGINT, SIGTERM}) {
    rules_sv::Config traced = config({kClk});
    traced.trace = "fst";
    const OnEval interrupt = [number](VerilatedContext& context, const Notes&) {
      if (context.time() == 55000) std::raise(number);
    };
    const Notes notes = simulate(traced, {"--trace=" + temporary("x.fst")}, interrupt);
    CHECK_EQ(128 + number, notes.exit_code);
    CHECK_EQ(1, notes.closed);
    CHECK_EQ(1, notes.finals);
    CHECK_HAS(notes.err, "interrupted by signal " + std::to_string(number));
    CHECK_HAS(notes.err, "simulated 6 cycles in ");
    CHECK_EQ(128 + number, simulate(config({kClk}), {}, interrupt).exit_code);
    CHECK_EQ(128 + number, simulate(config(), {}, interrupt, {55000, 60000}).exit_code);
  }
}

TEST("the waveform has every evaluation from time 0 on, in order") {
  rules_sv::Config traced = config({kClk});
  traced.trace = "vcd";
  const Notes notes = simulate(traced, {"--cycles=2", "--trace=" + temporary("x.vcd")}, nothing);
  CHECK_EQ(temporary("x.vcd"), notes.wave_path);
  CHECK((notes.dumps == std::vector<std::uint64_t>{0, 5000, 10000, 15000}));
  CHECK_EQ(1, notes.closed);
}

TEST("without --trace there is no waveform") {
  rules_sv::Config traced = config({kClk});
  traced.trace = "vcd";
  CHECK_EQ("", simulate(traced, {"--cycles=2"}, nothing).wave_path);
}

TEST("a relative path of a waveform starts where the user typed it") {
  rules_sv::Config traced = config({kClk});
  traced.trace = "vcd";
  setenv("BUILD_WORKING_DIRECTORY", "/where/they/typed", 1);
  CHECK_EQ("/where/they/typed/a/b.vcd", simulate(traced, {"--cycles=2", "--trace=a/b.vcd"}, nothing).wave_path);
  unsetenv("BUILD_WORKING_DIRECTORY");
}

TEST("in a test the waveform is among the undeclared outputs") {
  rules_sv::Config traced = config({kClk});
  traced.trace = "fst";
  setenv("TEST_UNDECLARED_OUTPUTS_DIR", "/outputs", 1);
  CHECK_EQ("/outputs/top.fst", simulate(traced, {"--cycles=2"}, nothing).wave_path);
  CHECK_EQ("", simulate(config({kClk}), {"--cycles=2"}, nothing).wave_path);
  unsetenv("TEST_UNDECLARED_OUTPUTS_DIR");
}

TEST("a waveform of the wrong kind is wrong usage, before anything runs") {
  rules_sv::Config vcd = config({kClk});
  vcd.trace = "vcd";
  const Notes other = simulate(vcd, {"--trace=x.fst"}, nothing);
  CHECK_EQ(2, other.exit_code);
  CHECK_EQ(0, other.models);
  CHECK_HAS(other.err, "this simulator writes vcd. Set trace = \"fst\" on //x:sim");
  const Notes none = simulate(config({kClk}), {"--trace=x.fst"}, nothing);
  CHECK_EQ(2, none.exit_code);
  CHECK_HAS(none.err, "this simulator writes no waveforms. Set trace = \"fst\" or \"vcd\" on //x:sim");
}

TEST("wrong usage and --help run nothing") {
  const Notes wrong = simulate(config({kClk}), {"--frobnicate"}, nothing);
  CHECK_EQ(2, wrong.exit_code);
  CHECK_EQ(0, wrong.models);
  CHECK_HAS(wrong.err, "error: unknown argument '--frobnicate'");
  const Notes help = simulate(config({kClk}), {"--help"}, nothing);
  CHECK_EQ(0, help.exit_code);
  CHECK_EQ(0, help.models);
  CHECK_HAS(help.out, "--cycles=N");
  CHECK_EQ("", help.err);
}

TEST("half a period has to be a whole number of time steps") {
  const Notes notes = simulate(config({{"clk", 1'000}}), {}, nothing);
  CHECK_EQ(2, notes.exit_code);
  CHECK_HAS(notes.err, "//x:sim: half the period of clock clk (500 fs) is no multiple of the design's time precision");
  CHECK_EQ(0u, notes.evals.size());
}

TEST("each run of a test gets its own seed; --seed wins") {
  rules_sv::Config seeded = config({kClk});
  seeded.seed = 7;
  CHECK_EQ(7, simulate(seeded, {"--cycles=1"}, nothing).seed);
  setenv("TEST_RANDOM_SEED", "1", 1);
  CHECK_EQ(7, simulate(seeded, {"--cycles=1"}, nothing).seed);
  setenv("TEST_RANDOM_SEED", "3", 1);
  const Notes third = simulate(seeded, {"--cycles=1"}, nothing);
  CHECK_EQ(9, third.seed);
  CHECK_HAS(third.err, "seed 9\n");
  CHECK_EQ(5, simulate(seeded, {"--cycles=1", "--seed=5"}, nothing).seed);
  seeded.seed = 2147483647;
  CHECK_EQ(2, simulate(seeded, {"--cycles=1"}, nothing).seed);
  unsetenv("TEST_RANDOM_SEED");
}

TEST("a plusarg on the command line comes before the rule's") {
  rules_sv::Config given = config({kClk});
  given.plusargs = {"+n=rule \"x\""};
  CHECK_EQ("+n=rule \"x\"", simulate(given, {"--cycles=1"}, nothing).plusarg);
  CHECK_EQ("+n=user", simulate(given, {"--cycles=1", "+n=user"}, nothing).plusarg);
}

TEST("it runs in the runfiles of the main repository, where there are any: its own, or those it is part of") {
  const std::string here = simulate(config({kClk}), {"--cycles=1"}, nothing).folder;
  const std::string other = temporary("other/_main");
  const std::string own = temporary("sim.runfiles/_main");
  mkdir(temporary("other").c_str(), 0777);
  mkdir(other.c_str(), 0777);
  for (const char* const variable : {"RUNFILES_DIR", "TEST_SRCDIR"}) {
    setenv(variable, temporary("other").c_str(), 1);
    CHECK_EQ(other, simulate(config({kClk}), {"--cycles=1"}, nothing).folder);
    unsetenv(variable);
    if (chdir(here.c_str()) != 0) std::abort();
  }
  mkdir(temporary("sim.runfiles").c_str(), 0777);
  mkdir(own.c_str(), 0777);
  setenv("RUNFILES_DIR", temporary("other").c_str(), 1);
  CHECK_EQ(own, simulate(config({kClk}), {"--cycles=1"}, nothing).folder);
  unsetenv("RUNFILES_DIR");
}

// Bazel's own settings for this test are not the simulations'.
struct Clean {
  Clean() {
    for (const char* const name : {"TEST_UNDECLARED_OUTPUTS_DIR", "TEST_RANDOM_SEED", "RUNFILES_DIR", "TEST_SRCDIR"})
      unsetenv(name);
  }
} clean;

}  // namespace

#include "rules/runtime/sim.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "rules/runtime/options.h"
#include "rules/runtime/verilated_hooks.h"
#include "verilated_cov.h"

namespace rules_sv {

volatile std::sig_atomic_t g_signal = 0;

namespace {

extern "C" void on_signal(int number) { g_signal = number; }

const char* env(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool is_folder(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string current_folder() {
  char buffer[4096];
  return getcwd(buffer, sizeof buffer) != nullptr ? buffer : ".";
}

// $readmemh and $fopen name files as Bazel's runfiles do, so that is where the simulation runs,
// also when the binary is started by hand.
void enter_runfiles(const char* program, const std::string& workspace) {
  std::vector<std::string> roots;
  // The program's own come first: another program that starts this one may have set the variable to its own.
  roots.push_back(std::string(program) + ".runfiles");
  if (*env("RUNFILES_DIR") != '\0') roots.push_back(env("RUNFILES_DIR"));
  if (*env("TEST_SRCDIR") != '\0') roots.push_back(env("TEST_SRCDIR"));
  for (const std::string& root : roots) {
    const std::string folder = root + "/" + workspace;
    if (is_folder(folder) && chdir(folder.c_str()) == 0) return;
  }
}

// A path the user typed: relative to where they typed it, which `bazel run` leaves in a variable.
std::string user_path(const std::string& path, const std::string& started_in) {
  if (path.empty() || path[0] == '/') return path;
  const std::string typed_in = env("BUILD_WORKING_DIRECTORY");
  return (typed_in.empty() ? started_in : typed_in) + "/" + path;
}

struct Outcome {
  std::uint64_t cycles = 0;
  bool limit_met = false;   // max_cycles
  bool asked_stop = false;  // --cycles
  bool starved = false;     // nothing left to happen
};

class Driver {
 public:
  Driver(VerilatedContext& context, Model& model, const Config& config)
      : context_(context), model_(model), config_(config) {}

  // Time steps of the model in half a clock period; false where it is no whole number.
  bool half_periods(std::string& error) {
    // timeprecision() is a power of ten of a second: -12 for 1 ps.
    std::uint64_t step_fs = 1;
    for (int power = -15; power < context_.timeprecision(); ++power) step_fs *= 10;
    for (const Clock& clock : config_.clocks) {
      if (clock.period_fs % (2 * step_fs) != 0) {
        error = std::string("half the period of clock ") + clock.name + " (" + std::to_string(clock.period_fs / 2) +
                " fs) is no multiple of the design's time precision (" + std::to_string(step_fs) +
                " fs). Choose another period in clocks = {…}";
        return false;
      }
      halves_.push_back(clock.period_fs / (2 * step_fs));
    }
    return true;
  }

  // `wave_file` is empty where no waveform is wanted.
  Outcome run(const std::string& wave_file, std::uint64_t limit, bool limit_is_failure) {
    wave_file_ = wave_file;
    Outcome outcome;
    if (config_.clocks.empty()) {
      run_events(outcome, limit);
    } else {
      run_clocks(outcome, limit);
    }
    if (limit != 0 && outcome.cycles >= limit && !ended() && !outcome.starved) {
      outcome.limit_met = limit_is_failure;
      outcome.asked_stop = !limit_is_failure;
    }
    return outcome;
  }

  void close_wave() {
    if (wave_) wave_->close();
  }

 private:
  bool ended() const { return context_.gotFinish() || g_signal != 0; }

  void eval() {
    model_.eval();
    if (wave_file_.empty()) return;
    if (wave_ == nullptr) {
      // Units that are verilated apart come into being in the first evaluation: a waveform begun before lacks them.
      wave_ = model_.make_wave();
      wave_->open(wave_file_);
    }
    wave_->dump(context_.time());
  }

  void run_events(Outcome& outcome, std::uint64_t limit) {
    while (!ended() && (limit == 0 || outcome.cycles < limit)) {
      eval();
      ++outcome.cycles;
      if (ended()) return;
      if (!model_.events_pending()) {
        outcome.starved = true;
        return;
      }
      context_.time(model_.next_time_slot());
    }
  }

  void run_clocks(Outcome& outcome, std::uint64_t limit) {
    for (std::size_t i = 0; i < config_.clocks.size(); ++i) model_.set_clock(i, false);
    // An input that nothing drove yet is x, so asserting a reset is an edge, and asynchronous resets
    // wait for it. A two-state model has to be shown the other level first.
    model_.set_resets(false);
    model_.eval();
    model_.set_resets(true);
    eval();
    const std::uint64_t most = limit != 0 ? limit : UINT64_MAX;
    const bool alone = config_.clocks.size() == 1 && !config_.timing && wave_file_.empty();
    if (!alone) {
      run_edges(outcome, most);
      return;
    }
    const std::uint64_t in_reset = std::min<std::uint64_t>(config_.reset_cycles, most);
    outcome.cycles += model_.run_clock(in_reset, halves_[0]);
    if (ended() || outcome.cycles >= most) return;
    // While the clock is low, so that gates' latches see what follows from it before the next edge.
    model_.set_resets(false);
    eval();
    outcome.cycles += model_.run_clock(most - outcome.cycles, halves_[0]);
  }

  // Several clocks, events of the model's own, or a waveform: from one time of change to the next.
  void run_edges(Outcome& outcome, std::uint64_t most) {
    std::vector<std::uint64_t> next = halves_;
    std::vector<bool> level(next.size(), false);
    bool in_reset = true;
    while (!ended() && outcome.cycles < most) {
      std::uint64_t now = *std::min_element(next.begin(), next.end());
      if (config_.timing && model_.events_pending()) now = std::min(now, model_.next_time_slot());
      context_.time(now);
      for (std::size_t i = 0; i < next.size(); ++i) {
        if (next[i] != now) continue;
        level[i] = !level[i];
        model_.set_clock(i, level[i]);
        next[i] += halves_[i];
        if (i != 0) continue;
        if (level[i]) {
          ++outcome.cycles;
        } else if (in_reset && outcome.cycles >= config_.reset_cycles) {
          // Away from the rising edge, as a synchronous reset has to be seen.
          model_.set_resets(in_reset = false);
        }
      }
      eval();
    }
  }

  VerilatedContext& context_;
  Model& model_;
  const Config& config_;
  std::string wave_file_;
  std::unique_ptr<Wave> wave_;
  std::vector<std::uint64_t> halves_;
};

int usage_error(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  return 2;
}

// --runs_per_test numbers its runs from 1 and says the number here.
std::uint32_t seed_of(const Config& config, const Options& options) {
  if (options.seed) return *options.seed;
  const long run = std::strtol(env("TEST_RANDOM_SEED"), nullptr, 10);
  const std::uint64_t seed = std::uint64_t{config.seed} + (run > 1 ? static_cast<std::uint64_t>(run - 1) : 0);
  return static_cast<std::uint32_t>((seed - 1) % 0x7fffffff + 1);
}

std::string wave_path(const Config& config, const Options& options, const std::string& started_in) {
  if (!options.trace.empty()) return user_path(options.trace, started_in);
  const std::string outputs = env("TEST_UNDECLARED_OUTPUTS_DIR");
  if (std::strcmp(config.trace, "none") == 0 || outputs.empty()) return "";
  return outputs + "/" + config.top + "." + config.trace;
}

std::string coverage_path(const Config& config, const Options& options, const std::string& started_in) {
  if (!options.coverage.empty()) return user_path(options.coverage, started_in);
  const std::string outputs = env("TEST_UNDECLARED_OUTPUTS_DIR");
  return !config.coverage || outputs.empty() ? "" : outputs + "/" + config.top + ".coverage.dat";
}

// Writes what was covered, with the user's own files and lines.
bool write_coverage(VerilatedContext& context, const std::string& path) {
  const std::string raw = path + ".raw";
  context.coveragep()->write(raw);
  std::ifstream in(raw);
  std::ofstream out(path);
  std::string record;
  while (std::getline(in, record)) out << coverage_with_user_places(record) << '\n';
  in.close();
  std::remove(raw.c_str());
  return out.good();
}

std::string check_trace(const Config& config, const Options& options) {
  if (options.trace.empty()) return "";
  if (std::strcmp(config.trace, "none") == 0)
    return "this simulator writes no waveforms. Set trace = \"fst\" or \"vcd\" on " + std::string(config.label);
  const std::string other = std::strcmp(config.trace, "fst") == 0 ? ".vcd" : ".fst";
  if (options.trace.size() > 4 && options.trace.compare(options.trace.size() - 4, 4, other) == 0)
    return "--trace=" + options.trace + ": this simulator writes " + config.trace + ". Set trace = \"" +
           other.substr(1) + "\" on " + config.label + ", or name the file ." + config.trace;
  return "";
}

// Verilator's context reads plusargs from an argument vector. The first match wins there, so what
// the user typed comes before what the rule says.
void give_plusargs(VerilatedContext& context, char** argv, const Config& config, const Options& options) {
  std::vector<const char*> words = {argv[0]};
  for (const std::string& word : options.plusargs) words.push_back(word.c_str());
  for (const char* const word : config.plusargs) words.push_back(word);
  context.commandArgs(static_cast<int>(words.size()), words.data());
}

int report(const VerilatedContext& context, const Config& config, const Outcome& outcome, std::uint64_t limit) {
  if (g_signal != 0) {
    std::fprintf(stderr, "interrupted by signal %d\n", static_cast<int>(g_signal));
    return 128 + static_cast<int>(g_signal);
  }
  if (context.gotError() || context.errorCount() > 0) return 1;
  if (outcome.limit_met) {
    std::fprintf(stderr,
                 "error: %s: no $finish within %" PRIu64 " cycles. Raise max_cycles, or run with --max-cycles=N\n",
                 config.label, limit);
    return 1;
  }
  if (outcome.starved) {
    std::fprintf(stderr,
                 "error: %s: nothing is left to happen and $finish was not called. A top that has clock "
                 "inputs needs clocks = {…}; a testbench that waits for ever needs a $finish\n",
                 config.label);
    return 1;
  }
  return 0;
}

}  // namespace

int simulate(int argc, char** argv, const Config& config, const MakeModel& make_model) {
  const Options options = parse_options(argc, argv);
  if (!options.error.empty()) return usage_error(options.error);
  if (options.help) {
    std::fputs(help_text(argv[0], config.trace, config.coverage).c_str(), stdout);
    return 0;
  }
  const std::string trace_error = check_trace(config, options);
  if (!trace_error.empty()) return usage_error(trace_error);
  if (!options.coverage.empty() && !config.coverage)
    return usage_error("this simulator gathers no coverage. Set coverage = True on " + std::string(config.label));

  const std::string started_in = current_folder();
  enter_runfiles(argv[0], config.workspace);
  set_line_maps(config.maps.data(), config.maps.size());
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);

  const std::uint32_t seed = seed_of(config, options);
  const std::string wave_file = wave_path(config, options, started_in);
  const std::string coverage_file = coverage_path(config, options, started_in);
  VerilatedContext context;
  context.fatalOnError(false);  // $stop and $fatal come back here, so that waveforms get closed
  context.randSeed(static_cast<int>(seed));
  give_plusargs(context, argv, config, options);
  context.traceEverOn(!wave_file.empty());
  std::fprintf(stderr, "seed %" PRIu32 "\n", seed);

  const std::unique_ptr<Model> model = make_model(context);
  Driver driver(context, *model, config);
  std::string error;
  if (!driver.half_periods(error)) return usage_error(std::string(config.label) + ": " + error);

  const std::uint64_t most = options.max_cycles.value_or(config.max_cycles);
  const bool cycles_first = options.cycles && (most == 0 || *options.cycles <= most);
  const std::uint64_t limit = cycles_first ? *options.cycles : most;

  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome = driver.run(wave_file, limit, !cycles_first);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;

  model->final();
  driver.close_wave();
  if (!coverage_file.empty() && !write_coverage(context, coverage_file))
    return usage_error("can't write the coverage to " + coverage_file);
  std::fflush(stdout);
  const double rate = elapsed.count() > 0 ? static_cast<double>(outcome.cycles) / elapsed.count() / 1000 : 0;
  const int exit_code = report(context, config, outcome, limit);
  std::fprintf(stderr, "simulated %" PRIu64 " cycles in %.3f s (%.1f kcycles/s)\n", outcome.cycles, elapsed.count(),
               rate);
  return exit_code;
}

}  // namespace rules_sv

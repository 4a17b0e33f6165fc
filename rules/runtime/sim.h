// The built-in main of sv_sim and sv_test: drives a verilated model, on its
// own clocks or on given ones, and reports how the simulation ended.
//
// A generated file (SvMain) fills in Config, derives from ModelOf and calls
// simulate(); everything that does not depend on the model is in sim.cpp.
#ifndef RULES_SV_RUNTIME_SIM_H_
#define RULES_SV_RUNTIME_SIM_H_

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "verilated.h"

namespace rules_sv {

// One clock input of the top. It is low at time 0 and first rises half a period later.
struct Clock {
  const char* name;
  std::uint64_t period_fs;  // femtoseconds, the finest precision of IEEE 1800 (3.14)
};

// What the rule's attributes say; constant for one simulator.
struct Config {
  const char* label;
  const char* top;
  const char* workspace;      // the runfiles folder of the main repository
  const char* trace;          // "none", "vcd" or "fst"
  bool coverage;              // the model gathers coverage
  bool timing;                // the model has delays or event controls of its own
  std::vector<Clock> clocks;  // empty: the top makes its own time
  unsigned reset_cycles;      // rising edges of the first clock with resets asserted
  std::uint64_t max_cycles;   // 0: no limit
  std::uint32_t seed;
  std::vector<const char*> plusargs;
  std::vector<const char*> maps;  // runfiles paths of the units' line maps
};

// A waveform being written.
class Wave {
 public:
  virtual ~Wave() = default;
  virtual void open(const std::string& path) = 0;
  virtual void dump(std::uint64_t time) = 0;
  virtual void close() = 0;
};

// Set by a signal handler; loops look at it once a cycle.
extern volatile std::sig_atomic_t g_signal;

// What the driver needs of a model.
class Model {
 public:
  virtual ~Model() = default;
  virtual void eval() = 0;
  virtual void final() = 0;
  virtual bool events_pending() = 0;
  virtual std::uint64_t next_time_slot() = 0;
  virtual void set_clock(std::size_t index, bool high) = 0;
  virtual void set_resets(bool asserted) = 0;
  virtual std::unique_ptr<Wave> make_wave() = 0;
  // Drives the only clock for up to `cycles` periods of 2 * `half` time steps;
  // returns the number begun. Nothing else may need the time in between.
  virtual std::uint64_t run_clock(std::uint64_t cycles, std::uint64_t half) = 0;
};

// Model for the class that Verilator generates. `Derived` has `clk(bool)`, which
// writes the first clock, so that the fast loop needs no virtual call but eval.
template <class Verilated, class Derived>
class ModelOf : public Model {
 public:
  explicit ModelOf(VerilatedContext& context) : context_(context), top_(&context, "") {}

  void eval() override { top_.eval(); }
  void final() override { top_.final(); }
  bool events_pending() override { return top_.eventsPending(); }
  std::uint64_t next_time_slot() override { return top_.nextTimeSlot(); }

  std::uint64_t run_clock(std::uint64_t cycles, std::uint64_t half) override {
    Derived& self = static_cast<Derived&>(*this);
    std::uint64_t begun = 0;
    while (begun < cycles && g_signal == 0) {
      context_.timeInc(half);
      self.clk(true);
      top_.eval();
      ++begun;
      if (VL_UNLIKELY(context_.gotFinish())) break;
      context_.timeInc(half);
      self.clk(false);
      top_.eval();
      if (VL_UNLIKELY(context_.gotFinish())) break;
    }
    return begun;
  }

 protected:
  VerilatedContext& context_;
  Verilated top_;
};

using MakeModel = std::function<std::unique_ptr<Model>(VerilatedContext&)>;

// Parses the command line, runs the simulation, reports. Returns the exit code:
// 0 on $finish or at --cycles, 1 on $fatal, $error, $stop, the cycle limit or a
// simulation that ran out of events, 2 on wrong usage, 128 + N on signal N.
int simulate(int argc, char** argv, const Config& config, const MakeModel& make_model);

}  // namespace rules_sv

#endif  // RULES_SV_RUNTIME_SIM_H_

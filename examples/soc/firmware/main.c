/* Runs the workloads under a timer interrupt, sleeps for a while, and reports.
 *
 * How often the workloads run comes from the plusarg +iterations=N. */
#include <stdbool.h>
#include <stdint.h>

#include "console.h"
#include "soc.h"
#include "timer.h"
#include "workload.h"

#define TICK_CYCLES 5000u
#define SLEEP_TICKS 3u

/* Codes that the program ends with of its own accord. */
#define EXIT_WORKLOAD 1u
#define EXIT_TIMER 2u

static bool run_workload(const struct workload *workload, uint32_t iterations) {
  const uint64_t start = CSR_READ64(mcycle);
  uint32_t checksum = 0;
  bool right = true;
  for (uint32_t i = 0; i < iterations && right; i++) right = workload->run(i + 1, &checksum);
  const uint64_t cycles = CSR_READ64(mcycle) - start;

  put_string("  ");
  put_padded(workload->name, 8);
  put_string(right ? "ok      " : "FAILED  ");
  put_hex(checksum);
  put_decimal(cycles, 14);
  put_string(" cycles\n");
  return right;
}

/* Whether the core slept through SLEEP_TICKS periods: its own cycle counter stands still meanwhile. */
static bool sleep_test(void) {
  const uint64_t time = timer_now(), cycles = CSR_READ64(mcycle);
  const uint32_t ticks = timer_ticks();
  for (uint32_t i = 0; i < SLEEP_TICKS; i++) timer_wait_tick();
  const uint64_t passed = timer_now() - time, awake = CSR_READ64(mcycle) - cycles;

  put_string("  slept   ");
  const bool right = timer_ticks() - ticks == SLEEP_TICKS && awake < passed / 4;
  put_string(right ? "ok      " : "FAILED  ");
  put_decimal(awake, 10);
  put_string(" of ");
  put_decimal(passed, 0);
  put_string(" cycles awake\n");
  return right;
}

uint32_t main(void) {
  const uint32_t iterations = SIM_ITERATIONS;
  put_string("Hello from Ibex, hart ");
  put_decimal(CSR_READ(mhartid), 0);
  put_string(": RV32IMC, ");
  put_decimal(iterations, 0);
  put_string(iterations == 1 ? " iteration\n" : " iterations\n");

  timer_start(TICK_CYCLES);
  for (uint32_t i = 0; i < workload_count; i++) {
    if (!run_workload(&workloads[i], iterations)) return EXIT_WORKLOAD;
  }
  if (!sleep_test()) return EXIT_TIMER;
  timer_stop();

  put_string("  total  ");
  put_decimal(timer_ticks(), 8);
  put_string(" timer interrupts, ");
  put_decimal(CSR_READ64(minstret), 0);
  put_string(" instructions in ");
  put_decimal(CSR_READ64(mcycle), 0);
  put_string(" cycles\n");

  const uint32_t code = SIM_EXIT_CODE;
  put_string(code ? "ending with a code on request\n" : "all checks passed\n");
  return code;
}

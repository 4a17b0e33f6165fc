#include "timer.h"

#include "soc.h"

static volatile uint32_t ticks;
static uint32_t period_;
static uint64_t next;

static void set_compare(uint64_t value) {
  /* The high half goes to its maximum in between, so that no half-written value fires. */
  TIMER_COMPARE_HIGH = UINT32_MAX;
  TIMER_COMPARE = (uint32_t)value;
  TIMER_COMPARE_HIGH = (uint32_t)(value >> 32);
}

uint64_t timer_now(void) {
  uint32_t high, low;
  do {
    high = TIMER_TIME_HIGH;
    low = TIMER_TIME;
  } while (high != TIMER_TIME_HIGH);
  return ((uint64_t)high << 32) | low;
}

/* Entry 7 of the vector table. */
__attribute__((interrupt("machine"))) void timer_interrupt(void) {
  ticks++;
  next += period_;
  set_compare(next);
}

void timer_start(uint32_t period) {
  ticks = 0;
  period_ = period;
  next = timer_now() + period;
  set_compare(next);
  CSR_SET(mie, MIE_MTIE);
  CSR_SET(mstatus, MSTATUS_MIE);
}

void timer_stop(void) {
  CSR_CLEAR(mie, MIE_MTIE);
  set_compare(UINT64_MAX);
}

uint32_t timer_ticks(void) { return ticks; }

void timer_wait_tick(void) {
  /* With interrupts off as a whole, wfi still wakes on a pending one: none can slip in between the
   * look at the counter and the sleep. */
  CSR_CLEAR(mstatus, MSTATUS_MIE);
  const uint32_t before = ticks;
  while (ticks == before) {
    __asm__ volatile("wfi");
    CSR_SET(mstatus, MSTATUS_MIE);   /* the interrupt is taken here */
    CSR_CLEAR(mstatus, MSTATUS_MIE);
  }
  CSR_SET(mstatus, MSTATUS_MIE);
}

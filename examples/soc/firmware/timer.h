/* A periodic interrupt from the machine timer. */
#ifndef TIMER_H_
#define TIMER_H_

#include <stdint.h>

/* Clock cycles since reset. */
uint64_t timer_now(void);

/* Starts an interrupt every `period` clock cycles. */
void timer_start(uint32_t period);

/* No more interrupts. */
void timer_stop(void);

/* Interrupts since timer_start. */
uint32_t timer_ticks(void);

/* Sleeps, the core's clock gated, until the next interrupt has been served. */
void timer_wait_tick(void);

#endif

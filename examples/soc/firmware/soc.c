#include "soc.h"

#include "console.h"

_Noreturn void soc_exit(uint32_t code) {
  while (!(UART_STATUS & UART_STATUS_IDLE)) {
  }
  SIM_EXIT = code;
  for (;;) __asm__ volatile("wfi");
}

/* Called by start.S on an exception or an interrupt without a handler. */
_Noreturn void report_trap(uint32_t cause, uint32_t pc, uint32_t value);
_Noreturn void report_trap(uint32_t cause, uint32_t pc, uint32_t value) {
  put_string("trap: mcause ");
  put_hex(cause);
  put_string(", mepc ");
  put_hex(pc);
  put_string(", mtval ");
  put_hex(value);
  put_char('\n');
  soc_exit(EXIT_TRAP | (cause & 0x1fu));
}

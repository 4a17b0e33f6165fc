/* The SoC as its programs see it. The memory map is the one of rtl/soc_pkg.sv. */
#ifndef SOC_H_
#define SOC_H_

#include <stdint.h>

#define SOC_REG(address) (*(volatile uint32_t *)(address))

#define UART_DATA SOC_REG(0x10000000u)
#define UART_STATUS SOC_REG(0x10000004u)
#define UART_STATUS_READY (1u << 0)
#define UART_STATUS_IDLE (1u << 1)
#define UART_STATUS_OVERRUN (1u << 2)

#define TIMER_TIME SOC_REG(0x10001000u)
#define TIMER_TIME_HIGH SOC_REG(0x10001004u)
#define TIMER_COMPARE SOC_REG(0x10001008u)
#define TIMER_COMPARE_HIGH SOC_REG(0x1000100cu)

#define SIM_EXIT SOC_REG(0x10002000u)
#define SIM_ITERATIONS SOC_REG(0x10002004u)
#define SIM_EXIT_CODE SOC_REG(0x10002008u)

/* Control and status registers, by name: CSR_READ(mcycle). */
#define CSR_READ(name)                                    \
  __extension__({                                         \
    uint32_t csr_value_;                                  \
    __asm__ volatile("csrr %0, " #name : "=r"(csr_value_)); \
    csr_value_;                                           \
  })
#define CSR_SET(name, bits) __asm__ volatile("csrs " #name ", %0" ::"r"(bits) : "memory")
#define CSR_CLEAR(name, bits) __asm__ volatile("csrc " #name ", %0" ::"r"(bits) : "memory")

#define MSTATUS_MIE (1u << 3) /* interrupts, as a whole */
#define MIE_MTIE (1u << 7)    /* the machine timer's */

/* A 64-bit counter CSR read in two halves: read again when the low half wrapped in between. */
#define CSR_READ64(name)                                      \
  __extension__({                                             \
    uint32_t high_, low_;                                     \
    do {                                                      \
      high_ = CSR_READ(name##h);                              \
      low_ = CSR_READ(name);                                  \
    } while (high_ != CSR_READ(name##h));                     \
    ((uint64_t)high_ << 32) | low_;                           \
  })

/* A program that traps ends with this plus the low bits of mcause. */
#define EXIT_TRAP 0x80u

/* Waits until the UART has sent everything, then ends the simulation. */
_Noreturn void soc_exit(uint32_t code);

#endif

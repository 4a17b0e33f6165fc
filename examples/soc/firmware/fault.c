/* Does what the bus does not allow, to show how a program that goes wrong ends:
 * +exit_code=1 writes, 2 fetches an instruction, anything else reads where no device is. */
#include <stdint.h>

#include "soc.h"

#define NOWHERE 0x20000000u

uint32_t main(void) {
  switch (SIM_EXIT_CODE) {
    case 1:
      SOC_REG(NOWHERE) = 0;
      break;
    case 2:
      ((void (*)(void))NOWHERE)();
      break;
    default:
      (void)SOC_REG(NOWHERE);
      break;
  }
  return 0;
}

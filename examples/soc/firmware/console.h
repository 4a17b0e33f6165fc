/* Text on the UART. */
#ifndef CONSOLE_H_
#define CONSOLE_H_

#include <stdint.h>

void put_char(char c);
void put_string(const char *text);

/* The string, then spaces up to `width` characters. */
void put_padded(const char *text, uint32_t width);

/* Decimal, right-aligned in `width` characters. */
void put_decimal(uint64_t value, uint32_t width);

/* "0x" and eight digits. */
void put_hex(uint32_t value);

#endif

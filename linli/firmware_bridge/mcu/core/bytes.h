/* What a C library would give: the firmware is linked without one. */
#ifndef LINLI_BYTES_H
#define LINLI_BYTES_H

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

/* CRC-16/XMODEM: polynomial 1021, from `crc` (0 at first), not reflected. */
uint16_t crc16(uint16_t crc, const void *from, size_t size);

#endif

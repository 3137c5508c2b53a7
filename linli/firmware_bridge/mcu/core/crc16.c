#include "bytes.h"

uint16_t crc16(uint16_t crc, const void *from, size_t size)
{
    const uint8_t *at = from;
    while (size--) {
        /* The polynomial's three terms folded into shifts: a table would take 512 bytes. */
        uint16_t x = (uint16_t)(crc >> 8 ^ *at++);
        x ^= x >> 4;
        crc = (uint16_t)(crc << 8 ^ x << 12 ^ x << 5 ^ x);
    }
    return crc;
}

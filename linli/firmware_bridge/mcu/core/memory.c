/* The four functions that a compiler may call by itself. Boards with an operating system below
 * them take their own. */
#include "bytes.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    uint8_t *restrict t = to;
    const uint8_t *restrict f = from;
    while (size--) {
        *t++ = *f++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    uint8_t *t = to;
    const uint8_t *f = from;
    if (t <= f) {
        return memcpy(to, from, size);
    }
    while (size--) {
        t[size] = f[size];
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    uint8_t *t = to;
    while (size--) {
        *t++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *x = a, *y = b;
    for (; size--; x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}

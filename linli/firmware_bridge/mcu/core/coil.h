/* The one coil that may be on, and the guard that takes it off. */
#ifndef LINLI_COIL_H
#define LINLI_COIL_H

#include <stdbool.h>
#include <stdint.h>

void coil_on(uint8_t door);
void coil_off(void);
bool coil_is_off(void);
/* From the millisecond interrupt: no coil is on for more than two seconds, even where the loop
 * hangs or what it was told is wrong. */
void coil_millisecond(void);

#endif

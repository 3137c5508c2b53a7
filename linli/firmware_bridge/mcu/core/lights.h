/* The light that goes with what the screen says. */
#ifndef LINLI_LIGHTS_H
#define LINLI_LIGHTS_H

#include <stdint.h>

enum pattern { PATTERN_OFF = 0, PATTERN_SUCCESS = 1, PATTERN_TROUBLE = 2, PATTERN_GUIDE = 3 };

void lights_start(void);
/* `door` is where PATTERN_GUIDE leads. */
void lights_show(enum pattern pattern, uint8_t door);
void lights_run(uint32_t now);

#endif

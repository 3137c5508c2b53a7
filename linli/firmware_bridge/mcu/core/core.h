/* The whole firmware above a board: `core_start` once, then `core_run` for ever. */
#ifndef LINLI_CORE_H
#define LINLI_CORE_H

#include <stdbool.h>
#include <stdint.h>

/* Of the firmware; goes into the image's header too. */
#ifndef FIRMWARE_VERSION
#define FIRMWARE_VERSION "1.0.0"
#endif

/* First of all at a start, before any hardware is touched but the outputs: the bootloader goes on to an image
 * from here and does not return; the firmware does nothing. */
void core_choose(void);
void core_start(void);
/* One turn: everything that time, people and the host have brought. Never waits. Whether the board may
 * sleep until the next interrupt: nothing is left to be sent. */
bool core_run(void);
/* From the board's millisecond interrupt: the last guard of the coils, whatever the loop does. */
void core_millisecond(void);

#endif

/* Doors: opened once for each nonce, one at a time, watched by their contacts. */
#ifndef LINLI_DOORS_H
#define LINLI_DOORS_H

#include <stdint.h>

#include "openings.h"

enum door_state { DOOR_CLOSED = 0, DOOR_OPEN = 1, DOOR_LEFT_OPEN = 2 };

/* Error codes of group 65. */
enum refusal {
    NO_SUCH_DOOR = 1,
    COIL_BUSY = 2,
    OTHER_DOOR = 3,
    NONCE_UNKNOWN = 4,
    DOOR_STANDS_OPEN = 5,
    NOT_KEPT = 6,
    WRONG_REQUEST = 7
};

void doors_start(void);
uint8_t doors_count(void);
enum door_state door_state(uint8_t door);
/* Begins to open a door, or finds what became of the nonce before: `again`. Returns 0 or a
 * refusal; then nothing was done. */
int door_open(uint32_t door, const uint8_t *nonce, struct opening *opening, bool *again);
/* Whether an opening is under way. */
bool doors_busy(void);
/* After the settings have changed: doors are what their contacts tell now, and that is no event. */
void doors_look_anew(void);
void doors_run(uint32_t now);

#endif

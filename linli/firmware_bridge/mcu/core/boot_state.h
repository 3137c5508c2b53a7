/* Which slot is started, kept in two sectors that take turns: a cut at any moment leaves the state before or
 * the one after. */
#ifndef LINLI_BOOT_STATE_H
#define LINLI_BOOT_STATE_H

#include <stdbool.h>
#include <stdint.h>

#define NO_SLOT 0xffu

struct boot_state {
    uint32_t least_counter; /* of the image that was confirmed last: nothing older is started */
    uint8_t confirmed;      /* FLASH_SLOT_A or FLASH_SLOT_B */
    uint8_t test;           /* the slot to be tried, or NO_SLOT */
    uint8_t tried;          /* 1: it was started; if it is not confirmed by the next start it goes */
    uint8_t unused;         /* 0 */
};

/* What is kept; of a new board slot A is confirmed. */
void boot_state_read(struct boot_state *state);
/* False where it could not be kept: then the one before still is. */
bool boot_state_keep(const struct boot_state *state);

#endif

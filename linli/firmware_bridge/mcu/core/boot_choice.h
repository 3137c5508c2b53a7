/* What to start: a decision without side effects, and its carrying out. */
#ifndef LINLI_BOOT_CHOICE_H
#define LINLI_BOOT_CHOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "boot_state.h"

/* `good` says whether the image in a slot may be run, and is asked only where it matters. Returns the slot to
 * start or NO_SLOT, and changes the state to what must be kept before. */
uint8_t boot_choice(struct boot_state *state, bool (*good)(uint8_t slot));

/* Checks the images, decides, keeps the decision. Returns the slot to start or NO_SLOT. */
uint8_t boot_prepare(void);

#endif

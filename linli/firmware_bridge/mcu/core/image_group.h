/* SMP group 1: which images there are, upload, test, confirm, erase, as mcumgr does it. */
#ifndef LINLI_IMAGE_GROUP_H
#define LINLI_IMAGE_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "smp.h"

#define RUNNING_BOOTLOADER 0xfeu /* nothing could be started: any slot may be filled */
#define RUNNING_ALONE 0xffu      /* linked without a bootloader: updates are refused */

extern const struct smp_group image_group;

/* `running`: the slot this program runs from, or one of the above. */
void image_group_start(uint8_t running);

/* --- given by the firmware (core/self_check.c) or the bootloader (boot/recovery.c) ------------- */

/* Whether flash may be erased now, which may hold up everything else for 40 ms. */
bool update_may_erase(void);
/* Somebody works on an update: a sign of life. */
void update_goes_on(void);
/* Whether this program works, as far as it can tell. */
bool update_self_check(void);

#endif

/* What the firmware does for an update of itself. */
#include "board.h"
#include "boot_state.h"
#include "coil.h"
#include "doors.h"
#include "events.h"
#include "heartbeat.h"
#include "image_group.h"
#include "openings.h"
#include "settings.h"

#define LEAST_OPENINGS 64u /* nonces that a host may ask for after a crash */

bool update_may_erase(void)
{
    return !doors_busy();
}

void update_goes_on(void)
{
    heartbeat_grace();
}

static bool storage_readable(void)
{
    uint8_t byte;
    for (enum flash_area area = FLASH_SLOT_A; area < FLASH_AREAS; area++) {
        uint32_t size = flash_area_size(area);
        if (size == 0 || flash_read(area, 0, &byte, 1) || flash_read(area, size - 1, &byte, 1)) {
            return false;
        }
    }
    return settings_sound(settings()) && openings_kept() >= LEAST_OPENINGS && events_boot() > 0;
}

/* The line needs no check: over it came the question. */
bool update_self_check(void)
{
    return storage_readable() && !doors_busy() && coil_is_off();
}

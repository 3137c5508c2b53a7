/* The bootloader: what stands in the place of core.c. It starts an image that is signed and chosen, under the
 * watchdog; where there is none it stays, and an image can be sent to it. */
#include "board.h"
#include "boot_choice.h"
#include "core.h"
#include "cortex_m.h"
#include "image.h"
#include "image_group.h"
#include "os_group.h"
#include "smp.h"

const struct smp_group *const smp_groups[] = {&os_group, &image_group, 0};

void core_choose(void)
{
    uint8_t slot = boot_prepare();
    if (slot != NO_SLOT) {
        board_watchdog_start();
        cortex_go_on(board_slot_address((enum flash_area)slot) + IMAGE_HEADER_SIZE);
    }
}

void core_start(void)
{
    os_group_start();
    image_group_start(RUNNING_BOOTLOADER);
    smp_start();
}

bool core_run(void)
{
    board_watchdog_kick();
    bool sent = smp_run();
    os_group_run();
    return sent;
}

void core_millisecond(void)
{
}

bool update_may_erase(void)
{
    return true;
}

void update_goes_on(void)
{
}

bool update_self_check(void)
{
    return false; /* there is nothing to confirm */
}

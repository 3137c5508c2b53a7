/* QEMU does not emulate this chip's flash controller: what is kept lies in RAM that no reset clears, and
 * is gone with the power. There are no slots for images. */
#define NOR_SLOT_SIZE 0u
#include "board.h"
#include "../virtual/nor.c" /* NOLINT: the same flash, with other areas */

static uint8_t kept[FLASH_SIZE - BOOT_STATE_AT] __attribute__((aligned(4), section(".noinit")));
static struct pins counters; /* only what nor.c counts is used of it */

uint8_t *virtual_memory;

uint32_t board_slot_address(enum flash_area slot)
{
    (void)slot;
    return 0;
}

volatile struct pins *virtual_pins(void)
{
    return &counters;
}

void virtual_start(void)
{
    virtual_memory = (uint8_t *)((uintptr_t)kept - BOOT_STATE_AT);
}

void virtual_power_cut(void)
{
    for (;;) {
    }
}

/* The chip's own flash: pages of 1 KB, programmed by half-words. While a page is erased (40 ms at most)
 * nothing is fetched from it, so the processor stands still; the line goes on through DMA, and coils are
 * off by then (openings_rest). */
#include "flash.h"

#include "board.h"
#include "bytes.h"
#include "flash_map.h"
#include "stm32f103.h"

#define SLOT_A_ADDRESS 0x08005000u /* behind 20 KB for the bootloader */

static const struct {
    uint32_t at, size;
} areas[FLASH_AREAS] = {
    [FLASH_SLOT_A] = {SLOT_A_AT, SLOT_SIZE},
    [FLASH_SLOT_B] = {SLOT_B_AT, SLOT_SIZE},
    [FLASH_BOOT_STATE] = {BOOT_STATE_AT, BOOT_STATE_SIZE},
    [FLASH_SETTINGS] = {SETTINGS_AT, SETTINGS_SIZE},
    [FLASH_OPENINGS] = {OPENINGS_AT, OPENINGS_SIZE},
    [FLASH_EVENTS] = {EVENTS_AT, EVENTS_SIZE},
};

uint32_t board_slot_address(enum flash_area slot)
{
    return SLOT_A_ADDRESS + areas[slot].at;
}

static uint32_t place(enum flash_area area, uint32_t at, uint32_t size, uint32_t unit)
{
    uint32_t room = flash_area_size(area);
    if (at % unit || size % unit || at > room || size > room - at) {
        return 0;
    }
    return SLOT_A_ADDRESS + areas[area].at + at;
}

static void unlock(void)
{
    if (FLASH_CONTROL & FLASH_LOCK) {
        FLASH_KEY = FLASH_KEY_1;
        FLASH_KEY = FLASH_KEY_2;
    }
    FLASH_STATUS = FLASH_DONE | FLASH_FAILED;
}

/* Whether what was begun went well; whatever went wrong, the flash is locked afterwards. */
static int finished(void)
{
    while (FLASH_STATUS & FLASH_BUSY) {
    }
    return FLASH_STATUS & FLASH_FAILED ? -1 : 0;
}

int flash_read(enum flash_area area, uint32_t at, void *to, uint32_t size)
{
    uint32_t from = place(area, at, size, 1);
    if (!from) {
        return -1;
    }
    memcpy(to, (const void *)(uintptr_t)from, size);
    return 0;
}

int flash_write(enum flash_area area, uint32_t at, const void *from, uint32_t size)
{
    uint32_t to = place(area, at, size, 4);
    const uint8_t *bytes = from;
    int result = 0;
    if (!to) {
        return -1;
    }
    unlock();
    FLASH_CONTROL = FLASH_PROGRAM;
    for (uint32_t n = 0; n < size && result == 0; n += 2) {
        uint16_t half = (uint16_t)(bytes[n] | bytes[n + 1] << 8);
        *(volatile uint16_t *)(uintptr_t)(to + n) = half;
        result = finished();
    }
    FLASH_CONTROL = FLASH_LOCK;
    return result;
}

int flash_erase(enum flash_area area, uint32_t at, uint32_t size)
{
    uint32_t from = place(area, at, size, SECTOR_SIZE);
    int result = 0;
    if (!from) {
        return -1;
    }
    unlock();
    for (uint32_t n = 0; n < size && result == 0; n += SECTOR_SIZE) {
        FLASH_CONTROL = FLASH_ERASE;
        FLASH_ADDRESS = from + n;
        FLASH_CONTROL = FLASH_ERASE | FLASH_START;
        result = finished();
    }
    FLASH_CONTROL = FLASH_LOCK;
    return result;
}

uint32_t flash_area_size(enum flash_area area)
{
    return (unsigned)area < FLASH_AREAS ? areas[area].size : 0;
}

uint32_t flash_sector_size(void)
{
    return SECTOR_SIZE;
}

/* Flash in memory, as strict as the strictest chip: whole words, written once after an erase. */
#include "bytes.h"
#include "flash.h"
#include "flash_map.h"
#include "virtual.h"

#ifndef NOR_SLOT_SIZE
#define NOR_SLOT_SIZE SLOT_SIZE
#endif

static const struct {
    uint32_t at, size;
} areas[FLASH_AREAS] = {
    [FLASH_SLOT_A] = {SLOT_A_AT, NOR_SLOT_SIZE},
    [FLASH_SLOT_B] = {SLOT_B_AT, NOR_SLOT_SIZE},
    [FLASH_BOOT_STATE] = {BOOT_STATE_AT, BOOT_STATE_SIZE},
    [FLASH_SETTINGS] = {SETTINGS_AT, SETTINGS_SIZE},
    [FLASH_OPENINGS] = {OPENINGS_AT, OPENINGS_SIZE},
    [FLASH_EVENTS] = {EVENTS_AT, EVENTS_SIZE},
};

static uint8_t *place(enum flash_area area, uint32_t at, uint32_t size, uint32_t unit)
{
    uint32_t room = flash_area_size(area);
    if (room == 0 || at % unit || size % unit || at > room || size > room - at) {
        return 0;
    }
    return virtual_memory + areas[area].at + at;
}

/* How much of `size` is done before the power goes. */
static uint32_t until_cut(uint32_t size)
{
    volatile struct pins *pins = virtual_pins();
    pins->writes++;
    if (pins->cut_at == 0 || --pins->cut_at > 0) {
        return size;
    }
    pins->dead = 1;
    return pins->cut == CUT_BEFORE ? 0 : pins->cut == CUT_WITHIN ? size / 8 * 4 : size;
}

static void end_where_cut(void)
{
    if (virtual_pins()->dead) {
        virtual_power_cut();
    }
}

int flash_read(enum flash_area area, uint32_t at, void *to, uint32_t size)
{
    const uint8_t *from = place(area, at, size, 1);
    if (!from) {
        return -1;
    }
    memcpy(to, from, size);
    return 0;
}

static uint32_t word_at(const uint8_t *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

int flash_write(enum flash_area area, uint32_t at, const void *from, uint32_t size)
{
    uint8_t *to = place(area, at, size, 4);
    const uint8_t *bytes = from;
    int failed = 0;
    if (!to) {
        return -1;
    }
    uint32_t done = until_cut(size);
    for (uint32_t n = 0; n < done; n += 4) {
        if (word_at(to + n) == 0xffffffffu || word_at(bytes + n) == 0) {
            memcpy(to + n, bytes + n, 4);
        } else {
            failed = -1;
        }
    }
    end_where_cut();
    return failed;
}

int flash_erase(enum flash_area area, uint32_t at, uint32_t size)
{
    uint8_t *to = place(area, at, size, SECTOR_SIZE);
    if (!to) {
        return -1;
    }
    memset(to, 0xff, until_cut(size));
    end_where_cut();
    return 0;
}

uint32_t flash_area_size(enum flash_area area)
{
    return (unsigned)area < FLASH_AREAS ? areas[area].size : 0;
}

uint32_t flash_sector_size(void)
{
    return SECTOR_SIZE;
}

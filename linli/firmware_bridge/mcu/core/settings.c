#include "settings.h"

#include "board.h"
#include "bytes.h"
#include "flash.h"

#define COPIES 2u
#define LAYOUT 0x4c530001u

struct copy {
    uint32_t layout;
    uint32_t generation;
    struct settings settings;
    uint16_t unused;
    uint16_t crc;
};

_Static_assert(sizeof(struct copy) % 4 == 0, "flash is written in words");

static struct settings current;
static uint32_t generation;
static uint32_t newest; /* which copy */

static bool sound(const struct copy *copy)
{
    return copy->layout == LAYOUT && settings_sound(&copy->settings) &&
           copy->crc == crc16(0, copy, sizeof *copy - sizeof copy->crc);
}

static bool read_copy(uint32_t which, struct copy *copy)
{
    uint32_t at = which * flash_sector_size();
    return flash_read(FLASH_SETTINGS, at, copy, sizeof *copy) == 0 && sound(copy);
}

void settings_start(void)
{
    struct copy copy;
    memset(&current, 0, sizeof current);
    current.left_open_ms = 60000;
    current.pulse_ms = 500;
    current.opens_within_ms = 1500;
    current.doors = board_doors();
    current.contact_open_is = 1;
    generation = 0;
    newest = COPIES - 1;
    for (uint32_t which = 0; which < COPIES; which++) {
        if (read_copy(which, &copy) && copy.generation > generation) {
            current = copy.settings;
            generation = copy.generation;
            newest = which;
        }
    }
}

const struct settings *settings(void)
{
    return &current;
}

bool settings_sound(const struct settings *wanted)
{
    return wanted->pulse_ms >= 10 && wanted->pulse_ms <= LONGEST_PULSE_MS &&
           wanted->opens_within_ms >= wanted->pulse_ms && wanted->opens_within_ms <= 10000 &&
           wanted->left_open_ms >= 100 && wanted->left_open_ms <= 86400000 && wanted->doors >= 1 &&
           wanted->doors <= board_doors() && wanted->contact_open_is <= 1;
}

bool settings_keep(const struct settings *wanted)
{
    struct copy copy, kept;
    if (!settings_sound(wanted)) {
        return false;
    }
    if (memcmp(wanted, &current, sizeof current) == 0) {
        return true;
    }
    uint32_t which = (newest + 1) % COPIES;
    memset(&copy, 0, sizeof copy);
    copy.layout = LAYOUT;
    copy.generation = generation + 1;
    copy.settings = *wanted;
    copy.crc = crc16(0, &copy, sizeof copy - sizeof copy.crc);
    flash_erase(FLASH_SETTINGS, which * flash_sector_size(), flash_sector_size());
    flash_write(FLASH_SETTINGS, which * flash_sector_size(), &copy, sizeof copy);
    if (!read_copy(which, &kept) || kept.generation != copy.generation) {
        return false;
    }
    current = *wanted;
    generation = copy.generation;
    newest = which;
    return true;
}

#include "boot_state.h"

#include "bytes.h"
#include "flash.h"

#define COPIES 2u
#define LAYOUT 0x4c420001u

struct copy {
    uint32_t layout;
    uint32_t sequence;
    struct boot_state state;
    uint16_t unused;
    uint16_t crc;
};

_Static_assert(sizeof(struct copy) % 4 == 0, "flash is written in words");

static bool sound(const struct copy *copy)
{
    const struct boot_state *state = &copy->state;
    return copy->layout == LAYOUT && copy->crc == crc16(0, copy, sizeof *copy - sizeof copy->crc) &&
           state->confirmed <= FLASH_SLOT_B && state->tried <= 1 &&
           (state->test <= FLASH_SLOT_B || state->test == NO_SLOT);
}

static bool read_copy(uint32_t which, struct copy *copy)
{
    return flash_read(FLASH_BOOT_STATE, which * flash_sector_size(), copy, sizeof *copy) == 0 &&
           sound(copy);
}

/* The newest copy; returns where it is. */
static uint32_t newest(struct copy *newest_copy)
{
    struct copy copy;
    uint32_t where = COPIES - 1;
    memset(newest_copy, 0, sizeof *newest_copy);
    newest_copy->state = (struct boot_state){.confirmed = FLASH_SLOT_A, .test = NO_SLOT};
    for (uint32_t which = 0; which < COPIES; which++) {
        if (read_copy(which, &copy) && copy.sequence > newest_copy->sequence) {
            *newest_copy = copy;
            where = which;
        }
    }
    return where;
}

void boot_state_read(struct boot_state *state)
{
    struct copy copy;
    newest(&copy);
    *state = copy.state;
}

bool boot_state_keep(const struct boot_state *state)
{
    struct copy before, copy, kept;
    uint32_t which = (newest(&before) + 1) % COPIES;
    uint32_t at = which * flash_sector_size();
    if (before.sequence && memcmp(&before.state, state, sizeof *state) == 0) {
        return true;
    }
    memset(&copy, 0, sizeof copy);
    copy.layout = LAYOUT;
    copy.sequence = before.sequence + 1;
    copy.state = *state;
    copy.crc = crc16(0, &copy, sizeof copy - sizeof copy.crc);
    flash_erase(FLASH_BOOT_STATE, at, flash_sector_size());
    flash_write(FLASH_BOOT_STATE, at, &copy, sizeof copy);
    return read_copy(which, &kept) && kept.sequence == copy.sequence;
}

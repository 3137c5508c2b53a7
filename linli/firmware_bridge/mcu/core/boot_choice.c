#include "boot_choice.h"

#include "image.h"

static uint32_t least_counter;

static uint8_t other(uint8_t slot)
{
    return slot == FLASH_SLOT_A ? FLASH_SLOT_B : FLASH_SLOT_A;
}

uint8_t boot_choice(struct boot_state *state, bool (*good)(uint8_t slot))
{
    if (state->test != NO_SLOT && !state->tried && good(state->test)) {
        state->tried = 1;
        return state->test;
    }
    state->test = NO_SLOT; /* it was tried and not confirmed, or is not good */
    state->tried = 0;
    if (good(state->confirmed)) {
        return state->confirmed;
    }
    if (!good(other(state->confirmed))) {
        return NO_SLOT;
    }
    state->confirmed = other(state->confirmed);
    return state->confirmed;
}

static bool may_run(uint8_t slot)
{
    struct image image;
    return image_check((enum flash_area)slot, least_counter, &image) == IMAGE_GOOD;
}

uint8_t boot_prepare(void)
{
    struct boot_state state, before;
    boot_state_read(&before);
    state = before;
    least_counter = state.least_counter;
    uint8_t start = boot_choice(&state, may_run);
    bool changed = before.test != state.test || before.tried != state.tried ||
                   before.confirmed != state.confirmed;
    if (changed && !boot_state_keep(&state)) {
        /* Without a note that it was tried, an image that hangs would be tried for ever. */
        state.test = NO_SLOT;
        start = boot_choice(&state, may_run);
    }
    return start;
}

#include "coil.h"

#include "board.h"

#define LONGEST_MS 2000

static volatile uint16_t on_for_ms; /* 0: none is on */

void coil_on(uint8_t door)
{
    coil_off();
    on_for_ms = 1;
    board_coil(door, true);
}

void coil_off(void)
{
    board_coils_off();
    on_for_ms = 0;
}

bool coil_is_off(void)
{
    return on_for_ms == 0;
}

void coil_millisecond(void)
{
    if (on_for_ms == 0) {
        return;
    }
    on_for_ms++;
    if (on_for_ms >= LONGEST_MS) {
        board_coils_off();
        on_for_ms = 0;
    }
}

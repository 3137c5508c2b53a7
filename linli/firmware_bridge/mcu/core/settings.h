/* What differs from cabinet to cabinet, kept in two copies: one of them is always whole. */
#ifndef LINLI_SETTINGS_H
#define LINLI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#define LONGEST_PULSE_MS 2000u

struct settings {
    uint32_t left_open_ms;    /* a door that is open for so long was left open */
    uint16_t pulse_ms;        /* how long a coil is on at most */
    uint16_t opens_within_ms; /* a door that has not opened by then is jammed */
    uint8_t doors;            /* how many of the board's are in use, from door 1 */
    uint8_t contact_open_is;  /* 1 where the switch of an open door is open, else 0 */
    uint16_t unused;          /* 0 */
};

void settings_start(void);
const struct settings *settings(void);
/* Whether a coil may be driven so. */
bool settings_sound(const struct settings *wanted);
/* False where they are not sound or could not be kept; then nothing has changed. */
bool settings_keep(const struct settings *wanted);

#endif

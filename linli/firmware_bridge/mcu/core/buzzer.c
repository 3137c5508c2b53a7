#include "buzzer.h"

#include <stdbool.h>

#include "board.h"

/* Milliseconds on, off, on …; ended by 0. */
static const uint16_t success[] = {60, 60, 120, 0};
static const uint16_t trouble[] = {500, 0};
static const uint16_t guide[] = {40, 120, 40, 120, 40, 0};

static const uint16_t *left; /* of what is played; NULL: silence */
static uint32_t since;
static bool on;

static void sound(bool wanted)
{
    if (wanted != on) {
        board_buzzer(wanted);
        on = wanted;
    }
}

void buzzer_start(void)
{
    left = 0;
    on = false;
}

void buzzer_play(enum pattern pattern)
{
    static const uint16_t *const tunes[] = {0, success, trouble, guide};
    left = tunes[pattern];
    since = board_ms();
    sound(left != 0);
}

void buzzer_run(uint32_t now)
{
    while (left && now - since >= *left) {
        since += *left++;
        bool over = *left == 0;
        sound(!over && !on);
        if (over) {
            left = 0;
        }
    }
}

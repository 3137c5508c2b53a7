#include "heartbeat.h"

#include <stdbool.h>

#include "board.h"
#include "events.h"

#define WITHOUT_POWER_MS 10000u

static uint32_t patience_ms; /* 0: nothing is watched */
static uint32_t heard;
static bool without_power;

void heartbeat_start(void)
{
    patience_ms = 0;
    without_power = false;
}

void heartbeat(uint32_t seconds)
{
    if (without_power) {
        return; /* a word that was still on the line when the power went */
    }
    patience_ms = seconds * 1000u;
    heard = board_ms();
}

void heartbeat_grace(void)
{
    if (!without_power) {
        heard = board_ms();
    }
}

void heartbeat_run(uint32_t now)
{
    if (without_power && now - heard >= WITHOUT_POWER_MS) {
        without_power = false;
        patience_ms = 0;
        board_host_power(true);
    } else if (!without_power && patience_ms && now - heard >= patience_ms) {
        without_power = true;
        heard = now;
        board_host_power(false);
        events_log(EVENT_HOST_RESTARTED, 0);
    }
}

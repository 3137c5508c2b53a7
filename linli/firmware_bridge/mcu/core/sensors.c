#include "sensors.h"

#include "board.h"
#include "debounce.h"
#include "events.h"

#define COMES_MS 30
#define GOES_MS 2000 /* who stands still for a moment has not gone */
#define TAMPER_MS 15

static struct switch_state presence, tamper;

void sensors_start(void)
{
    presence = (struct switch_state){false, false, board_ms()};
    tamper = (struct switch_state){false, false, board_ms()};
}

void sensors_run(uint32_t now)
{
    if ((board_parts() & PART_PIR) && debounce(&presence, board_pir(), now, COMES_MS, GOES_MS)) {
        events_log(EVENT_PRESENCE, presence.on);
    }
    if ((board_parts() & PART_TAMPER) &&
        debounce(&tamper, board_tamper(), now, TAMPER_MS, TAMPER_MS)) {
        events_log(EVENT_TAMPER, tamper.on);
    }
}

bool sensors_presence(void)
{
    return presence.on;
}

bool sensors_tamper(void)
{
    return tamper.on;
}

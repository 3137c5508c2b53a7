#include "core.h"

#include "board.h"
#include "buzzer.h"
#include "coil.h"
#include "doors.h"
#include "events.h"
#include "heartbeat.h"
#include "image_group.h"
#include "lights.h"
#include "os_group.h"
#include "sensors.h"
#include "settings.h"
#include "smp.h"

void core_choose(void)
{
}

void core_start(void)
{
    coil_off();
    settings_start();
    doors_start();
    events_start();
    sensors_start();
    lights_start();
    buzzer_start();
    heartbeat_start();
    os_group_start();
    image_group_start(board_running_slot());
    smp_start();
}

bool core_run(void)
{
    uint32_t now = board_ms();
    board_watchdog_kick();
    doors_run(now);
    sensors_run(now);
    lights_run(now);
    buzzer_run(now);
    heartbeat_run(now);
    bool sent = smp_run();
    os_group_run();
    return sent;
}

void core_millisecond(void)
{
    coil_millisecond();
}

#include "doors.h"

#include "board.h"
#include "coil.h"
#include "debounce.h"
#include "events.h"
#include "settings.h"

#define CONTACT_MS 15 /* contacts of cabinet locks bounce for some milliseconds */

struct door {
    struct switch_state open;
    bool left_open; /* was told */
};

static struct door doors[BOARD_MOST_DOORS + 1]; /* by their number */
static uint8_t under_way;                      /* 0: none */
static uint32_t began;
static bool coil_is_on;

static bool contact_tells_open(uint8_t door)
{
    return board_contact(door) == (settings()->contact_open_is != 0);
}

void doors_start(void)
{
    coil_off();
    under_way = 0;
    coil_is_on = false;
    openings_start();
    doors_look_anew();
}

void doors_look_anew(void)
{
    for (uint8_t door = 1; door <= doors_count(); door++) {
        bool open = contact_tells_open(door);
        doors[door] = (struct door){{open, open, board_ms()}, false};
    }
}

bool doors_busy(void)
{
    return under_way != 0;
}

uint8_t doors_count(void)
{
    return settings()->doors;
}

enum door_state door_state(uint8_t door)
{
    if (!doors[door].open.on) {
        return DOOR_CLOSED;
    }
    return doors[door].left_open ? DOOR_LEFT_OPEN : DOOR_OPEN;
}

int door_open(uint32_t door, const uint8_t *nonce, struct opening *opening, bool *again)
{
    if (door < 1 || door > doors_count()) {
        return NO_SUCH_DOOR;
    }
    *again = openings_find(nonce, opening);
    if (*again) {
        return opening->door == door ? 0 : OTHER_DOOR;
    }
    if (under_way) {
        return COIL_BUSY;
    }
    if (doors[door].open.on || contact_tells_open((uint8_t)door)) {
        return DOOR_STANDS_OPEN;
    }
    if (!openings_begin(nonce, (uint8_t)door)) {
        return NOT_KEPT;
    }
    under_way = (uint8_t)door;
    began = board_ms();
    coil_on(under_way);
    coil_is_on = true;
    *opening = (struct opening){under_way, UNDER_WAY};
    return 0;
}

static void decide(enum outcome outcome)
{
    openings_decide(outcome);
    under_way = 0;
}

static void pursue(uint32_t now)
{
    bool opened = doors[under_way].open.on;
    uint32_t waited = now - began;
    if (coil_is_on && (opened || waited >= settings()->pulse_ms)) {
        coil_off();
        coil_is_on = false;
    }
    if (opened) {
        decide(OPENED);
    } else if (waited >= settings()->opens_within_ms) {
        events_log(EVENT_DOOR_JAMMED, under_way);
        decide(JAMMED);
    }
}

static void watch(uint8_t number, struct door *door, uint32_t now)
{
    if (debounce(&door->open, contact_tells_open(number), now, CONTACT_MS, CONTACT_MS)) {
        door->left_open = false;
        events_log(door->open.on ? EVENT_DOOR_OPENED : EVENT_DOOR_CLOSED, number);
    }
    if (door->open.on && !door->left_open && now - door->open.since >= settings()->left_open_ms) {
        door->left_open = true;
        events_log(EVENT_DOOR_LEFT_OPEN, number);
    }
}

void doors_run(uint32_t now)
{
    for (uint8_t door = 1; door <= doors_count(); door++) {
        watch(door, &doors[door], now);
    }
    if (under_way) {
        pursue(now);
    } else {
        openings_rest();
        events_rest();
    }
}

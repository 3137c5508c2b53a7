/* The log: what happened, numbered within each boot, read by a cursor. */
#ifndef LINLI_EVENTS_H
#define LINLI_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

enum event_kind {
    EVENT_STARTED = 1,
    EVENT_DOOR_OPENED = 2,
    EVENT_DOOR_CLOSED = 3,
    EVENT_DOOR_JAMMED = 4,
    EVENT_DOOR_LEFT_OPEN = 5,
    EVENT_TAMPER = 6,
    EVENT_PRESENCE = 7,
    EVENT_HOST_RESTARTED = 8
};

struct cursor {
    uint32_t boot;
    uint32_t sequence;
};

struct event {
    struct cursor cursor;
    uint32_t ms;
    uint8_t kind;
    uint8_t subject;
};

/* Counts the boot. */
void events_start(void);
uint32_t events_boot(void);
void events_log(enum event_kind kind, uint8_t subject);
/* Makes room ahead of time, which takes as long as erasing a sector: while no coil is on. */
void events_rest(void);
/* Up to `most` events after the cursor, oldest first, into `events`; returns how many. `lost`:
 * some after the cursor are gone; `more`: there are more than these. */
uint32_t events_read(struct cursor after, struct event *events, uint32_t most, bool *lost,
                     bool *more);

#endif

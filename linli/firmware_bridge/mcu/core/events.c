#include "events.h"

#include "board.h"
#include "bytes.h"
#include "journal.h"

#define AT_ONCE 6u /* events that may come while a coil is on, and nothing may be erased */

struct record {
    uint32_t boot;
    uint32_t sequence;
    uint32_t ms;
    uint8_t kind;
    uint8_t subject;
    uint8_t crc[2];
};

static struct journal journal;
static struct cursor gone; /* the newest that was let go */
static uint32_t boot, sequence;

static bool after(struct cursor a, struct cursor b)
{
    return a.boot > b.boot || (a.boot == b.boot && a.sequence > b.sequence);
}

static struct cursor cursor_of(const struct record *record)
{
    return (struct cursor){record->boot, record->sequence};
}

/* The newest event of the sector that goes next. */
static struct cursor going(void)
{
    uint32_t in_sector =
        journal_room(&journal) / (flash_area_size(FLASH_EVENTS) / flash_sector_size());
    struct cursor newest = gone;
    struct record record;
    for (uint32_t at = 0; at < in_sector; at++) {
        if (journal_read(&journal, at, &record) && after(cursor_of(&record), newest)) {
            newest = cursor_of(&record);
        }
    }
    return newest;
}

static void advance(void)
{
    struct cursor newest = going();
    uint32_t note[JOURNAL_NOTE_WORDS] = {newest.boot, newest.sequence};
    journal_advance(&journal, note);
    gone = newest;
}

void events_start(void)
{
    uint32_t note[JOURNAL_NOTE_WORDS];
    struct record record;
    journal = (struct journal){
        .area = FLASH_EVENTS, .record = sizeof(struct record), .checked = sizeof(struct record)};
    gone = (struct cursor){0, 0};
    boot = sequence = 0;
    journal_start(&journal);
    if (journal_note(&journal, note)) {
        gone = (struct cursor){note[0], note[1]};
        boot = note[0];
    }
    uint32_t end = journal_end(&journal);
    for (uint32_t at = journal_oldest(&journal); at < end; at++) {
        if (journal_read(&journal, at, &record) && record.boot > boot) {
            boot = record.boot;
        }
    }
    boot++;
    events_log(EVENT_STARTED, (uint8_t)board_reset_reason());
}

uint32_t events_boot(void)
{
    return boot;
}

void events_log(enum event_kind kind, uint8_t subject)
{
    struct record record = {boot, ++sequence, board_ms(), (uint8_t)kind, subject, {0, 0}};
    if (journal_full(&journal)) {
        advance();
    }
    if (journal_append(&journal, &record) < 0 && journal_full(&journal)) {
        advance();
        journal_append(&journal, &record);
    }
}

void events_rest(void)
{
    if (journal_left(&journal) < AT_ONCE) {
        advance();
    }
}

uint32_t events_read(struct cursor cursor, struct event *events, uint32_t most, bool *lost,
                     bool *more)
{
    uint32_t count = 0;
    struct record record;
    *lost = after(gone, cursor);
    *more = false;
    uint32_t end = journal_end(&journal);
    for (uint32_t at = journal_oldest(&journal); at < end && !*more; at++) {
        if (!journal_read(&journal, at, &record) || !after(cursor_of(&record), cursor)) {
            continue;
        }
        *more = count == most;
        if (!*more) {
            events[count++] = (struct event){cursor_of(&record), record.ms, record.kind,
                                             record.subject};
        }
    }
    return count;
}

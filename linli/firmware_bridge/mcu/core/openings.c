#include "openings.h"

#include "bytes.h"
#include "journal.h"

#define SPARE 10u /* records that power cuts and worn cells may cost */

/* Far apart in their bits, so that a torn word is none of them. */
#define WORD_UNDER_WAY 0xffffffffu
#define WORD_OPENED 0x4f504e44u
#define WORD_JAMMED 0x4a414d21u
#define WORD_INTERRUPTED 0u

struct record {
    uint8_t nonce[NONCE_SIZE];
    uint8_t door;
    uint8_t unused;
    uint8_t crc[2];
    uint32_t outcome;
};

#define CHECKED 20

static struct journal journal;
static int32_t last; /* position of the one under way, or -1 */

static const uint32_t no_note[JOURNAL_NOTE_WORDS];

void openings_start(void)
{
    struct record record;
    journal = (struct journal){
        .area = FLASH_OPENINGS, .record = sizeof(struct record), .checked = CHECKED};
    last = -1;
    journal_start(&journal);
    uint32_t end = journal_end(&journal);
    for (uint32_t at = journal_oldest(&journal); at < end; at++) {
        if (journal_read(&journal, at, &record) && record.outcome != WORD_OPENED &&
            record.outcome != WORD_JAMMED && record.outcome != WORD_INTERRUPTED) {
            journal_write_word(&journal, at, WORD_INTERRUPTED);
        }
    }
}

uint32_t openings_kept(void)
{
    uint32_t sectors = flash_area_size(FLASH_OPENINGS) / flash_sector_size();
    uint32_t in_sector = journal_room(&journal) / sectors;
    return journal_room(&journal) - in_sector - SPARE;
}

static enum outcome outcome_of(const struct record *record)
{
    switch (record->outcome) {
    case WORD_UNDER_WAY:
        return UNDER_WAY;
    case WORD_OPENED:
        return OPENED;
    case WORD_JAMMED:
        return JAMMED;
    default:
        return INTERRUPTED;
    }
}

bool openings_find(const uint8_t *nonce, struct opening *opening)
{
    struct record record;
    uint32_t oldest = journal_oldest(&journal);
    for (uint32_t at = journal_end(&journal); at-- > oldest;) {
        if (journal_read(&journal, at, &record) && memcmp(record.nonce, nonce, NONCE_SIZE) == 0) {
            opening->door = record.door;
            opening->outcome = outcome_of(&record);
            return true;
        }
    }
    return false;
}

bool openings_begin(const uint8_t *nonce, uint8_t door)
{
    struct record record = {.door = door, .unused = 0xff};
    memcpy(record.nonce, nonce, NONCE_SIZE);
    openings_rest();
    last = journal_append(&journal, &record);
    return last >= 0;
}

void openings_decide(enum outcome outcome)
{
    if (last >= 0) {
        journal_write_word(&journal, (uint32_t)last, outcome == OPENED ? WORD_OPENED : WORD_JAMMED);
    }
    last = -1;
}

void openings_rest(void)
{
    if (journal_full(&journal)) {
        journal_advance(&journal, no_note);
    }
}

/* A ring of records in a flash area: the newest are kept, the oldest go sector by sector.
 *
 * A record is `checked` bytes that end with their CRC-16, and after them words of the user's own
 * that may be written later. A sector begins with its generation and the complement of it, and ends
 * with a note that is written before the sector after it is erased. A torn write or erase costs the
 * record or sector it was about, and nothing else.
 */
#ifndef LINLI_JOURNAL_H
#define LINLI_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "flash.h"

#define JOURNAL_NOTE_WORDS 2

struct journal {
    enum flash_area area;
    uint8_t record;  /* bytes, a multiple of 4 */
    uint8_t checked; /* bytes, the CRC included */
    uint8_t sector;  /* where the newest records are */
    uint16_t next;   /* the first record of it that is free */
    uint32_t generation;
};

void journal_start(struct journal *journal);
/* How many records there is room for; a smaller position is an older one. */
uint32_t journal_room(const struct journal *journal);
/* Records lie from the first of these positions up to before the second. */
uint32_t journal_oldest(const struct journal *journal);
uint32_t journal_end(const struct journal *journal);
/* Reads the record at a position. False where none is. */
bool journal_read(const struct journal *journal, uint32_t position, void *record);
/* Keeps `checked` bytes, whose last two are filled in. Returns the position, or a negative number
 * where the flash failed. The journal must not be full. */
int32_t journal_append(struct journal *journal, void *record);
/* Writes a word behind the checked bytes of a record. */
int journal_write_word(const struct journal *journal, uint32_t position, uint32_t word);
/* How many more records go into the newest sector. */
uint32_t journal_left(const struct journal *journal);
bool journal_full(const struct journal *journal);
/* Lets the oldest sector go and begins it anew; `note` is kept from before on. Positions change. */
void journal_advance(struct journal *journal, const uint32_t *note);
/* The newest note. False where none was ever written. */
bool journal_note(const struct journal *journal, uint32_t *note);

#endif

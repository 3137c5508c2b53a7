#include "journal.h"

#include "bytes.h"

#define BLANK 0xffffffffu
#define HEADER 8u
#define LONGEST_RECORD 32u
#define TRIES 2
#define NOTES 2u /* places for the note: a torn one is written again */

struct note {
    uint32_t words[JOURNAL_NOTE_WORDS];
    uint32_t check;
};

static uint32_t sectors(const struct journal *journal)
{
    return flash_area_size(journal->area) / flash_sector_size();
}

static uint32_t in_sector(const struct journal *journal)
{
    return (flash_sector_size() - HEADER - NOTES * (uint32_t)sizeof(struct note)) / journal->record;
}

static uint32_t address(const struct journal *journal, uint32_t sector, uint32_t record)
{
    return sector * flash_sector_size() + HEADER + record * journal->record;
}

static bool generation_of(const struct journal *journal, uint32_t sector, uint32_t *generation)
{
    uint32_t header[2];
    if (flash_read(journal->area, sector * flash_sector_size(), header, sizeof header) < 0) {
        return false;
    }
    *generation = header[0];
    return header[0] == ~header[1];
}

/* The sector a position is in, and whether that sector is of this ring. */
static bool sector_of(const struct journal *journal, uint32_t position, uint32_t *sector)
{
    uint32_t count = sectors(journal), generation;
    uint32_t age = count - 1 - position / in_sector(journal);
    *sector = (journal->sector + count - age) % count;
    return generation_of(journal, *sector, &generation) && generation == journal->generation - age;
}

static bool blank(const struct journal *journal, uint32_t sector, uint32_t record)
{
    uint32_t words[LONGEST_RECORD / 4];
    if (flash_read(journal->area, address(journal, sector, record), words, journal->record) < 0) {
        return false;
    }
    for (uint32_t n = 0; n < journal->record / 4u; n++) {
        if (words[n] != BLANK) {
            return false;
        }
    }
    return true;
}

static void begin_sector(struct journal *journal)
{
    uint32_t at = journal->sector * flash_sector_size();
    uint32_t header[2] = {journal->generation, ~journal->generation};
    flash_erase(journal->area, at, flash_sector_size());
    flash_write(journal->area, at, header, sizeof header);
    journal->next = 0;
}

void journal_start(struct journal *journal)
{
    bool found = false;
    uint32_t generation;
    for (uint32_t sector = 0; sector < sectors(journal); sector++) {
        if (generation_of(journal, sector, &generation) &&
            (!found || (int32_t)(generation - journal->generation) > 0)) {
            found = true;
            journal->sector = (uint8_t)sector;
            journal->generation = generation;
        }
    }
    if (!found) {
        journal->sector = 0;
        journal->generation = 1;
        begin_sector(journal);
    }
    journal->next = (uint16_t)in_sector(journal);
    while (journal->next > 0 && blank(journal, journal->sector, journal->next - 1u)) {
        journal->next--;
    }
}

uint32_t journal_room(const struct journal *journal)
{
    return sectors(journal) * in_sector(journal);
}

uint32_t journal_oldest(const struct journal *journal)
{
    uint32_t at = journal_room(journal) - in_sector(journal), sector;
    while (at > 0 && sector_of(journal, at - 1, &sector)) {
        at -= in_sector(journal);
    }
    return at;
}

uint32_t journal_end(const struct journal *journal)
{
    return journal_room(journal) - in_sector(journal) + journal->next;
}

static bool sound(const struct journal *journal, const void *record)
{
    return crc16(0, record, journal->checked) == 0; /* over the CRC too */
}

bool journal_read(const struct journal *journal, uint32_t position, void *record)
{
    uint32_t sector;
    if (!sector_of(journal, position, &sector)) {
        return false;
    }
    uint32_t at = address(journal, sector, position % in_sector(journal));
    return flash_read(journal->area, at, record, journal->record) == 0 && sound(journal, record);
}

static int keep(struct journal *journal, const void *record)
{
    uint8_t kept[LONGEST_RECORD];
    uint32_t at = address(journal, journal->sector, journal->next++);
    if (flash_write(journal->area, at, record, journal->checked) < 0 ||
        flash_read(journal->area, at, kept, journal->checked) < 0) {
        return -1;
    }
    return memcmp(record, kept, journal->checked) == 0 ? 0 : -1;
}

int32_t journal_append(struct journal *journal, void *record)
{
    uint8_t *bytes = record;
    uint16_t crc = crc16(0, record, journal->checked - 2u);
    bytes[journal->checked - 2] = (uint8_t)(crc >> 8);
    bytes[journal->checked - 1] = (uint8_t)crc;
    for (int n = 0; n < TRIES && !journal_full(journal); n++) {
        if (keep(journal, record) == 0) {
            return (int32_t)journal_end(journal) - 1;
        }
    }
    return -1;
}

int journal_write_word(const struct journal *journal, uint32_t position, uint32_t word)
{
    uint32_t sector;
    if (!sector_of(journal, position, &sector)) {
        return -1;
    }
    uint32_t at = address(journal, sector, position % in_sector(journal)) + journal->checked;
    return flash_write(journal->area, at, &word, sizeof word);
}

uint32_t journal_left(const struct journal *journal)
{
    return in_sector(journal) - journal->next;
}

bool journal_full(const struct journal *journal)
{
    return journal_left(journal) == 0;
}

/* --- notes ------------------------------------------------------------------------------------ */

static uint32_t note_at(uint32_t sector, uint32_t place)
{
    return (sector + 1) * flash_sector_size() - (place + 1) * (uint32_t)sizeof(struct note);
}

static uint32_t check_of(const struct note *note)
{
    return 0x4e4f0000u | crc16(0, note->words, sizeof note->words);
}

static bool note_of(const struct journal *journal, uint32_t sector, struct note *note)
{
    for (uint32_t place = 0; place < NOTES; place++) {
        if (flash_read(journal->area, note_at(sector, place), note, sizeof *note) == 0 &&
            note->check == check_of(note)) {
            return true;
        }
    }
    return false;
}

static void keep_note(struct journal *journal, const uint32_t *words)
{
    struct note note, kept;
    memcpy(note.words, words, sizeof note.words);
    note.check = check_of(&note);
    for (uint32_t place = 0; place < NOTES && !note_of(journal, journal->sector, &kept); place++) {
        flash_write(journal->area, note_at(journal->sector, place), &note, sizeof note);
    }
}

void journal_advance(struct journal *journal, const uint32_t *note)
{
    keep_note(journal, note);
    journal->sector = (uint8_t)((journal->sector + 1u) % sectors(journal));
    journal->generation++;
    begin_sector(journal);
}

bool journal_note(const struct journal *journal, uint32_t *note)
{
    uint32_t count = sectors(journal);
    struct note kept;
    for (uint32_t age = 0; age < count; age++) {
        uint32_t sector = (journal->sector + count - age) % count;
        if (note_of(journal, sector, &kept)) {
            memcpy(note, kept.words, sizeof kept.words);
            return true;
        }
    }
    return false;
}

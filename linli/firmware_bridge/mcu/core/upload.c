#include "upload.h"

#include "bytes.h"
#include "image.h"

#define LAYOUT 0x4c550001u
#define DONE 0u

enum error { WRITE_FAILED = 12, ERASE_FAILED = 13, OFFSET = 20, LENGTH = 21, OVERRUN = 31 };

struct record {
    uint32_t layout;
    uint32_t length;
    uint8_t sha[SHA256_SIZE];
    uint16_t resumable;
    uint16_t crc;
};

static struct record now;
static enum flash_area slot;
static uint32_t at;
static bool open, tells_match, matches;

void upload_start(void)
{
    open = tells_match = false;
    at = 0;
}

static void describe(struct record *record, uint32_t length, const uint8_t *sha)
{
    memset(record, 0, sizeof *record);
    record->layout = LAYOUT;
    record->length = length;
    record->resumable = sha != 0;
    if (sha) {
        memcpy(record->sha, sha, sizeof record->sha);
    }
    record->crc = crc16(0, record, sizeof *record - sizeof record->crc);
}

/* Where in the slot the word of a sector is. */
static uint32_t mark_of(enum flash_area where, uint32_t sector)
{
    return image_room(where) + (uint32_t)sizeof(struct record) + 4 * sector;
}

static uint32_t kept_offset(enum flash_area where, uint32_t length)
{
    uint32_t sector = 0, mark, size = flash_sector_size();
    while (sector * size < length && flash_read(where, mark_of(where, sector), &mark, 4) == 0 &&
           mark == DONE) {
        sector++;
    }
    return sector * size < length ? sector * size : length;
}

static void finish(void)
{
    uint8_t hash[SHA256_SIZE];
    if (!now.resumable) {
        return;
    }
    tells_match = true;
    matches = image_hash(slot, now.length, hash) && memcmp(hash, now.sha, sizeof hash) == 0;
    if (!matches) {
        upload_forget(slot); /* else it would be found whole the next time */
    }
}

bool upload_resume(enum flash_area where, uint32_t length, const uint8_t *sha)
{
    struct record wanted, kept;
    describe(&wanted, length, sha);
    if (!sha || flash_read(where, image_room(where), &kept, sizeof kept) ||
        memcmp(&wanted, &kept, sizeof kept) != 0) {
        return false;
    }
    bool same = open && slot == where && memcmp(&now, &wanted, sizeof now) == 0;
    if (!same || at == length) {
        at = kept_offset(where, length);
    }
    now = wanted;
    slot = where;
    open = true;
    tells_match = false;
    if (at == length) {
        finish();
        return matches;
    }
    return true;
}

bool upload_forget(enum flash_area where)
{
    open = open && slot != where;
    return flash_erase(where, image_room(where), flash_sector_size()) == 0 &&
           flash_erase(where, 0, flash_sector_size()) == 0;
}

int upload_begin(enum flash_area where, uint32_t length, const uint8_t *sha)
{
    upload_start();
    describe(&now, length, sha);
    if (!upload_forget(where)) {
        return ERASE_FAILED;
    }
    if (flash_write(where, image_room(where), &now, sizeof now)) {
        return WRITE_FAILED;
    }
    slot = where;
    open = true;
    return 0;
}

/* Up to the end of a sector. */
static int write_some(const uint8_t *data, uint32_t size)
{
    uint32_t sector = at / flash_sector_size(), mark = DONE, tail = size % 4;
    uint8_t last[4] = {0xff, 0xff, 0xff, 0xff};
    if (at % flash_sector_size() == 0 &&
        flash_erase(slot, at, flash_sector_size())) {
        return ERASE_FAILED;
    }
    memcpy(last, data + size - tail, tail);
    if (flash_write(slot, at, data, size - tail) ||
        (tail && flash_write(slot, at + size - tail, last, 4))) {
        return WRITE_FAILED;
    }
    at += size;
    bool whole = at % flash_sector_size() == 0 || at == now.length;
    return whole && flash_write(slot, mark_of(slot, sector), &mark, 4) ? WRITE_FAILED : 0;
}

int upload_write(const uint8_t *data, uint32_t size)
{
    if (!open) {
        return OFFSET;
    }
    if (size > now.length - at) {
        return OVERRUN;
    }
    if (size < now.length - at) {
        size -= size % 4; /* the rest comes again */
        if (size == 0) {
            return LENGTH;
        }
    }
    while (size) {
        uint32_t room = flash_sector_size() - at % flash_sector_size();
        uint32_t piece = size < room ? size : room;
        int error = write_some(data, piece);
        if (error) {
            open = false; /* the sector is half filled: whoever begins anew resumes before it */
            return error;
        }
        data += piece;
        size -= piece;
    }
    if (at == now.length && !tells_match) {
        finish();
    }
    return 0;
}

uint32_t upload_offset(void)
{
    return at;
}

bool upload_finished(bool *match)
{
    *match = matches;
    return tells_match;
}

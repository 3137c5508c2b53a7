#include "image.h"

#include "board.h"
#include "bytes.h"
#include "ed25519.h"
#include "image_key.h"

#define MAGIC 0x96f3b83du
#define ROM_FIXED 0x100u
#define PROTECTED_MAGIC 0x6908u
#define SAID_MAGIC 0x6907u
#define TLV_HEAD 4u
#define PIECE 128u

enum tlv { KEY_HASH = 0x01, SHA256 = 0x10, SIGNATURE = 0x24, COUNTER = 0x50, BOARD = 0xa0 };

struct said {
    uint8_t key_hash[SHA256_SIZE], hash[SHA256_SIZE], signature[ED25519_SIGNATURE];
    uint8_t counter[4], board[32];
    uint8_t seen, board_size;
};

enum seen { SAW_KEY = 1, SAW_HASH = 2, SAW_SIGNATURE = 4, SAW_COUNTER = 8, SAW_BOARD = 16, SAW_ALL = 31 };

static uint32_t word16(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t word32(const uint8_t *at)
{
    return word16(at) | word16(at + 2) << 16;
}

uint32_t image_room(enum flash_area slot)
{
    uint32_t size = flash_area_size(slot);
    return size ? size - flash_sector_size() : 0;
}

bool image_slot(const uint8_t *header, enum flash_area *slot)
{
    for (*slot = FLASH_SLOT_A; *slot <= FLASH_SLOT_B; ++*slot) {
        if (flash_area_size(*slot) && word32(header + 4) == board_slot_address(*slot)) {
            return true;
        }
    }
    return false;
}

enum image_fault image_header(const uint8_t *header, enum flash_area slot, struct image *image)
{
    memset(image, 0, sizeof *image);
    if (word32(header) != MAGIC || word16(header + 8) != IMAGE_HEADER_SIZE) {
        return IMAGE_NO_MAGIC;
    }
    if (!(word32(header + 16) & ROM_FIXED) || word32(header + 4) != board_slot_address(slot)) {
        return IMAGE_WRONG_SLOT;
    }
    uint32_t room = image_room(slot);
    image->program = word32(header + 12);
    if (room < IMAGE_HEADER_SIZE || image->program > room - IMAGE_HEADER_SIZE ||
        word16(header + 10) > room - IMAGE_HEADER_SIZE - image->program) {
        return IMAGE_TOO_LARGE;
    }
    image->covered = IMAGE_HEADER_SIZE + image->program + word16(header + 10);
    image->version = (struct image_version){header[20], header[21], (uint16_t)word16(header + 22),
                                            word32(header + 24)};
    return IMAGE_GOOD;
}

/* --- what is said about it -------------------------------------------------------------------- */

/* Takes a value of exactly that size, once. */
static bool take(enum flash_area slot, uint32_t at, uint32_t size, void *to, uint32_t wanted,
                 struct said *said, enum seen bit)
{
    if (size != wanted || (said->seen & bit)) {
        return false;
    }
    said->seen = (uint8_t)(said->seen | bit);
    return flash_read(slot, at, to, size) == 0;
}

/* What is covered by the hash, and what is not, has each its own kinds: none is taken from the other part. */
static bool take_one(enum flash_area slot, bool covered, uint32_t type, uint32_t at, uint32_t size,
                     struct said *said)
{
    if (covered && type == COUNTER) {
        return take(slot, at, size, said->counter, sizeof said->counter, said, SAW_COUNTER);
    }
    if (covered && type == BOARD && size <= sizeof said->board) {
        said->board_size = (uint8_t)size;
        return take(slot, at, size, said->board, size, said, SAW_BOARD);
    }
    if (!covered && type == KEY_HASH) {
        return take(slot, at, size, said->key_hash, sizeof said->key_hash, said, SAW_KEY);
    }
    if (!covered && type == SHA256) {
        return take(slot, at, size, said->hash, sizeof said->hash, said, SAW_HASH);
    }
    if (!covered && type == SIGNATURE) {
        return take(slot, at, size, said->signature, sizeof said->signature, said, SAW_SIGNATURE);
    }
    return true;
}

/* One area of TLVs at `*at`, which ends behind it. */
static bool take_area(enum flash_area slot, uint32_t magic, uint32_t *at, struct said *said)
{
    uint8_t head[TLV_HEAD];
    uint32_t room = image_room(slot);
    if (room < TLV_HEAD || *at > room - TLV_HEAD || flash_read(slot, *at, head, TLV_HEAD) ||
        word16(head) != magic || word16(head + 2) < TLV_HEAD || word16(head + 2) > room - *at) {
        return false;
    }
    uint32_t end = *at + word16(head + 2);
    *at += TLV_HEAD;
    while (*at < end) {
        if (end - *at < TLV_HEAD || flash_read(slot, *at, head, TLV_HEAD)) {
            return false;
        }
        uint32_t size = word16(head + 2);
        *at += TLV_HEAD;
        if (size > end - *at ||
            !take_one(slot, magic == PROTECTED_MAGIC, word16(head), *at, size, said)) {
            return false;
        }
        *at += size;
    }
    return true;
}

static enum image_fault look(enum flash_area slot, struct image *image, struct said *said)
{
    uint8_t header[IMAGE_HEADER_READ];
    memset(said, 0, sizeof *said);
    if (image_room(slot) < sizeof header || flash_read(slot, 0, header, sizeof header)) {
        return IMAGE_NONE;
    }
    enum image_fault fault = image_header(header, slot, image);
    if (fault) {
        return fault;
    }
    uint32_t at = IMAGE_HEADER_SIZE + image->program;
    if ((image->covered > at && !take_area(slot, PROTECTED_MAGIC, &at, said)) ||
        at != image->covered || !take_area(slot, SAID_MAGIC, &at, said) ||
        !(said->seen & SAW_HASH)) {
        return IMAGE_CUT_OFF;
    }
    memcpy(image->hash, said->hash, sizeof image->hash);
    image->counter = word32(said->counter);
    return IMAGE_GOOD;
}

enum image_fault image_look(enum flash_area slot, struct image *image)
{
    struct said said;
    return look(slot, image, &said);
}

/* --- what is proven --------------------------------------------------------------------------- */

bool image_hash(enum flash_area slot, uint32_t size, uint8_t *hash)
{
    struct sha256 sha;
    uint8_t piece[PIECE];
    sha256_start(&sha);
    for (uint32_t at = 0; at < size; at += PIECE) {
        uint32_t now = size - at < PIECE ? size - at : PIECE;
        if (flash_read(slot, at, piece, now)) {
            return false;
        }
        sha256_add(&sha, piece, now);
    }
    sha256_end(&sha, hash);
    return true;
}

static bool our_key(const uint8_t *key_hash)
{
    struct sha256 sha;
    uint8_t hash[SHA256_SIZE];
    sha256_start(&sha);
    sha256_add(&sha, image_key_der, sizeof image_key_der);
    sha256_end(&sha, hash);
    return memcmp(hash, key_hash, sizeof hash) == 0;
}

static bool our_board(const struct said *said)
{
    uint32_t size = 0;
    while (board_name[size]) {
        size++;
    }
    return said->board_size == size && memcmp(said->board, board_name, size) == 0;
}

enum image_fault image_check(enum flash_area slot, uint32_t least_counter, struct image *image)
{
    struct said said;
    uint8_t hash[SHA256_SIZE];
    enum image_fault fault = look(slot, image, &said);
    if (fault) {
        return fault;
    }
    if (said.seen != SAW_ALL) {
        return IMAGE_CUT_OFF;
    }
    if (!our_key(said.key_hash)) {
        return IMAGE_WRONG_KEY;
    }
    if (!our_board(&said)) {
        return IMAGE_WRONG_BOARD;
    }
    if (image->counter < least_counter) {
        return IMAGE_TOO_OLD;
    }
    if (!image_hash(slot, image->covered, hash)) {
        return IMAGE_UNREADABLE;
    }
    if (memcmp(hash, said.hash, sizeof hash) != 0) {
        return IMAGE_WRONG_HASH;
    }
    const uint8_t *key = image_key_der + sizeof image_key_der - ED25519_KEY;
    return ed25519_signed(said.signature, key, hash) ? IMAGE_GOOD : IMAGE_WRONG_KEY;
}

/* Signed images as MCUboot's imgtool writes them: a header, the program, and what is said about it (TLVs:
 * type, length, value), part of which is covered by the hash. The program runs where it lies, so an image is
 * made for one slot. */
#ifndef LINLI_IMAGE_H
#define LINLI_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "flash.h"
#include "sha2.h"

#define IMAGE_HEADER_READ 32u  /* bytes of it that say something */
#define IMAGE_HEADER_SIZE 512u /* the vector table behind it must be aligned */

struct image_version {
    uint8_t major, minor;
    uint16_t revision;
    uint32_t build;
};

struct image {
    struct image_version version;
    uint32_t program; /* bytes */
    uint32_t covered; /* bytes that the hash covers */
    uint32_t counter; /* grows with each release: none below what was confirmed is started */
    uint8_t hash[SHA256_SIZE];
};

/* As img_mgmt_err_code_t of mcumgr, which has no number of its own for some of these. */
enum image_fault {
    IMAGE_GOOD = 0,
    IMAGE_NONE = 3,
    IMAGE_CUT_OFF = 4,       /* what is said about it is not there */
    IMAGE_WRONG_KEY = 5,     /* or a signature that is not right */
    IMAGE_UNREADABLE = 11,
    IMAGE_WRONG_BOARD = 22,
    IMAGE_NO_MAGIC = 23,
    IMAGE_WRONG_HASH = 24,
    IMAGE_WRONG_SLOT = 25,   /* made for another address */
    IMAGE_TOO_OLD = 27,
    IMAGE_TOO_LARGE = 30
};

/* What the first bytes say, and whether they suit a slot. */
enum image_fault image_header(const uint8_t *header, enum flash_area slot, struct image *image);
/* What the image in a slot says about itself; nothing of it is proven. */
enum image_fault image_look(enum flash_area slot, struct image *image);
/* The whole check before anything of it is run. */
enum image_fault image_check(enum flash_area slot, uint32_t least_counter, struct image *image);
/* The slot that an image is made for, by its first bytes. */
bool image_slot(const uint8_t *header, enum flash_area *slot);
/* Bytes of a slot that an image may fill; the last sector tells how far an upload has come. */
uint32_t image_room(enum flash_area slot);
/* Hashes the first bytes of a slot. */
bool image_hash(enum flash_area slot, uint32_t size, uint8_t *hash);

#endif

/* An image on its way into a slot. How far it has come is kept in the slot's last sector, so that it goes on
 * after a power cut: a word is cleared for each sector that is filled. */
#ifndef LINLI_UPLOAD_H
#define LINLI_UPLOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "flash.h"

void upload_start(void);
/* Whether an upload with that length and SHA-256 was begun before; it then goes on. */
bool upload_resume(enum flash_area slot, uint32_t length, const uint8_t *sha);
/* The image that was in the slot is gone from here on. `sha` may be NULL. Returns 0 or an error of group 1. */
int upload_begin(enum flash_area slot, uint32_t length, const uint8_t *sha);
/* The next bytes; some of the last may be left for the next call. Returns 0 or an error of group 1. */
int upload_write(const uint8_t *data, uint32_t size);
/* Where the next byte goes. */
uint32_t upload_offset(void);
/* Whether it is whole and its hash was told; `match` says whether that is right. */
bool upload_finished(bool *match);
/* Makes a slot hold nothing. */
bool upload_forget(enum flash_area slot);

#endif

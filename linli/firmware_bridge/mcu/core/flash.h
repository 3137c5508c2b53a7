/* What a board gives of its flash. NOR: erasing a sector sets all its bits, writing clears some.
 *
 * For the sake of chips with error correction or half-word programming (STM32F1), a 4-byte word is
 * written once after each erase, and after that at most overwritten by zeros. Whatever is written
 * or erased may be torn by a power cut: readers check what they read.
 */
#ifndef LINLI_FLASH_H
#define LINLI_FLASH_H

#include <stdint.h>

enum flash_area {
    FLASH_SLOT_A,
    FLASH_SLOT_B,
    FLASH_BOOT_STATE,
    FLASH_SETTINGS,
    FLASH_OPENINGS,
    FLASH_EVENTS,
    FLASH_AREAS
};

/* Each returns 0, or a negative number where the range is not within the area, is not aligned, or
 * the chip failed. `at` counts from the start of the area. */
int flash_read(enum flash_area area, uint32_t at, void *to, uint32_t size);
/* `at` and `size` are multiples of 4; `from` needs no alignment. */
int flash_write(enum flash_area area, uint32_t at, const void *from, uint32_t size);
/* `at` and `size` are multiples of the sector size. */
int flash_erase(enum flash_area area, uint32_t at, uint32_t size);

uint32_t flash_area_size(enum flash_area area);
uint32_t flash_sector_size(void);

#endif

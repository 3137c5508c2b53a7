/* Where the areas lie on every board of ours: offsets from the start of slot A. */
#ifndef LINLI_FLASH_MAP_H
#define LINLI_FLASH_MAP_H

#define SECTOR_SIZE 0x400u

#define SLOT_A_AT 0x00000u
#define SLOT_SIZE 0x0B800u
#define SLOT_B_AT 0x0B800u
#define BOOT_STATE_AT 0x17000u
#define BOOT_STATE_SIZE 0x00800u
#define SETTINGS_AT 0x17800u
#define SETTINGS_SIZE 0x00800u
#define OPENINGS_AT 0x18000u
#define OPENINGS_SIZE 0x01800u
#define EVENTS_AT 0x19800u
#define EVENTS_SIZE 0x01800u
#define FLASH_SIZE 0x1B000u
/* With a bootloader of 20 KB in front of slot A: the 128 KB of an STM32F103RB. */

#endif

/* What a board must give to the core. Doors are numbered from 1. All outputs are off, and inputs
 * can be read, before `core_start` is called. Nothing here waits for the outside. */
#ifndef LINLI_BOARD_H
#define LINLI_BOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "flash.h"

enum board_reset_reason { RESET_POWER = 0, RESET_WATCHDOG = 1, RESET_TOLD_TO = 2 };

enum board_part {
    PART_LIGHTS = 1,
    PART_BUZZER = 2,
    PART_PIR = 4,
    PART_TAMPER = 8,
    PART_TEMPERATURE = 16,
    PART_AMBIENT = 32,
    PART_POWER = 64
};

/* LEDs beside the doors are numbered as the doors. */
#define LED_GREEN 0x40
#define LED_RED 0x41

#define BOARD_MOST_DOORS 24

extern const char board_name[];

/* Where a slot begins, as the processor sees it; images are made for it. */
uint32_t board_slot_address(enum flash_area slot);
/* The slot this program runs from, or a RUNNING_… of image_group.h. */
uint8_t board_running_slot(void);

/* Milliseconds since the start; wraps around. */
uint32_t board_ms(void);
uint8_t board_doors(void);
/* A sum of `enum board_part`. */
uint8_t board_parts(void);
enum board_reset_reason board_reset_reason(void);

void board_coil(uint8_t door, bool on);
void board_coils_off(void);
/* Whether the contact of a door is open as an electrical switch. */
bool board_contact(uint8_t door);
void board_led(uint8_t led, bool on);
void board_buzzer(bool on);
/* The host's supply: given as long as nothing else is said. */
void board_host_power(bool on);
bool board_pir(void);
bool board_tamper(void);
/* Tenths of a degree Celsius. */
int16_t board_temperature(void);
/* Lux. */
uint16_t board_ambient(void);

/* The next byte that came over the line, or -1. */
int board_uart_read(void);
/* Whether the byte was taken; false while the sender is full. */
bool board_uart_write(uint8_t byte);
/* Whether all that was written has left. */
bool board_uart_idle(void);

/* Once: from here on `board_watchdog_kick` is needed. A program that is started may start it again. */
void board_watchdog_start(void);
/* Resets the board unless it is called at least once a second. */
void board_watchdog_kick(void);
/* Does not return, except where a test plays the chip. */
void board_reset(void);

#endif

/* A board whose flash and pins are memory that somebody else can see: a file that QEMU or the host
 * program maps, and the test beside them. Offsets are those of flash_map.h; the page of pins
 * follows. linli/devices/simulated/board_pins.py reads and writes the same. */
#ifndef LINLI_VIRTUAL_H
#define LINLI_VIRTUAL_H

#include <stdint.h>

#define PINS_AT 0x20000u
#define MEMORY_SIZE 0x21000u

/* A test's hand on the power: at the write or erase number `cut_at` from now (1 is the next; 0 is
 * never) nothing more happens, before it, in the middle of it, or after it. */
enum cut { CUT_BEFORE = 0, CUT_WITHIN = 1, CUT_AFTER = 2 };

struct pins {
    /* driven from outside */
    uint32_t contacts;   /* bit 0: the switch of door 1 is open */
    uint32_t pir;        /* 0 or 1, as the next */
    uint32_t tamper;
    int32_t temperature; /* tenths of a degree Celsius */
    uint32_t ambient;    /* lux */
    uint32_t cut_at;
    uint32_t cut;
    uint32_t reason;     /* of the next start, where nobody else knows it: board_reset_reason */
    uint32_t hang;       /* 1: the loop hangs, until a reset */
    /* driven by the board */
    uint32_t coils;      /* bit 0: door 1 */
    uint32_t leds;       /* bit 0: the one at door 1; bit 30: green; bit 31: red */
    uint32_t buzzer;
    uint32_t host_power; /* 1: given */
    uint32_t beat;       /* counts turns of the loop */
    uint32_t starts;     /* counts starts of programs since the file was made */
    uint32_t dead;       /* 1: a cut has taken the power */
    uint32_t writes;     /* counts writes and erases of the flash */
    uint32_t boots;      /* from outside again; 1: the host program plays the bootloader too */
};

extern uint8_t *virtual_memory;

volatile struct pins *virtual_pins(void);
/* All outputs off. Before anything else at each start. */
void virtual_start(void);
/* The power goes. Does not return. */
void virtual_power_cut(void);

#endif

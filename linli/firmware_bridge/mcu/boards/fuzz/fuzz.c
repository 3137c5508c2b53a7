/* The firmware under libFuzzer: whatever comes over the line, whatever is in the flash, no wrong access
 * to memory, no undefined behaviour, and what the firmware keeps to (docs/protocol.md) is kept.
 *
 * An input begins with what it is: 'l' bytes of the line; 'p' packets without frames, each behind its
 * length, where the checksum would keep the fuzzer out; 'f' what the flash holds before the start,
 * after which a few packets are tried. Between packets stands a byte of time and pins.
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "core.h"
#include "flash_map.h"
#include "smp.h"
#include "virtual.h"

#define LINE_SIZE 4096u
#define LONGEST_COIL_MS 2000u
#define TURN_MS 5u

const char board_name[] = "fuzz";

static uint8_t memory[MEMORY_SIZE] __attribute__((aligned(8)));
uint8_t *virtual_memory = memory;

static uint8_t line[LINE_SIZE];
static uint32_t line_from, line_to, ms, coil_ms;
static bool wants_reset;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

uint32_t board_slot_address(enum flash_area slot)
{
    return 0x08000000u + (slot == FLASH_SLOT_A ? SLOT_A_AT : SLOT_B_AT);
}

uint8_t board_running_slot(void)
{
    return FLASH_SLOT_A;
}

uint32_t board_ms(void)
{
    return ms;
}

enum board_reset_reason board_reset_reason(void)
{
    return RESET_POWER;
}

int board_uart_read(void)
{
    return line_from == line_to ? -1 : line[line_from++ % LINE_SIZE];
}

bool board_uart_write(uint8_t byte)
{
    (void)byte;
    return ms % 7 != 0; /* the sender is full now and then */
}

bool board_uart_idle(void)
{
    return true;
}

void board_watchdog_start(void)
{
}

void board_watchdog_kick(void)
{
}

void board_reset(void)
{
    wants_reset = true;
}

void virtual_power_cut(void)
{
    abort();
}

/* --- what must hold --------------------------------------------------------------------------- */

static void check(uint32_t passed_ms)
{
    uint32_t coils = virtual_pins()->coils;
    if (coils & (coils - 1)) {
        abort(); /* two at once */
    }
    coil_ms = coils ? coil_ms + passed_ms : 0;
    if (coil_ms > LONGEST_COIL_MS) {
        abort();
    }
}

static void start(void)
{
    wants_reset = false;
    line_from = line_to = 0;
    virtual_start();
    core_start();
    check(0);
}

/* A turn of the loop takes five milliseconds here: most of them have nothing to do. */
static void pass(uint32_t turns)
{
    while (turns--) {
        for (uint32_t n = 0; n < TURN_MS; n++) {
            ms++;
            core_millisecond();
            check(1);
        }
        core_run();
        check(0);
        if (wants_reset) {
            start();
        }
    }
}

/* --- inputs ----------------------------------------------------------------------------------- */

static void say(const uint8_t *data, size_t size)
{
    for (size_t n = 0; n < size; n++) {
        line[line_to++ % LINE_SIZE] = data[n];
        if (n % 64 == 63) {
            pass(1);
        }
    }
    pass(8);
}

/* Moves a contact or a sensor, and lets up to some seconds pass. */
static void happen(uint8_t what)
{
    volatile struct pins *pins = virtual_pins();
    if (what & 0x80) {
        pins->contacts ^= 1u << (what & 7);
    }
    if (what & 0x40) {
        pins->pir ^= 1;
        pins->tamper ^= what & 1;
    }
    pass(5u + (what & 0x38u ? 0 : (what & 7u) * 80u));
}

static void send_packets(const uint8_t *data, size_t size)
{
    static uint8_t answer[SMP_LONGEST_PACKET];
    while (size > 2) {
        size_t length = data[0];
        uint8_t what = data[1];
        data += 2;
        size -= 2;
        length = length < size ? length : size;
        uint8_t *packet = malloc(length ? length : 1); /* of its own, so that its end is guarded */
        memcpy(packet, data, length);
        uint32_t told = smp_handle(packet, (uint32_t)length, answer);
        free(packet);
        if (told > sizeof answer || (told && told < SMP_HEADER_SIZE + 1)) {
            abort();
        }
        check(0);
        happen(what);
        data += length;
        size -= length;
    }
}

/* {"boot": 0, "seq": 0, "max": 16} to the log, and what settings, doors and info say. */
static const uint8_t questions[] = {
    25, 0, 0x08, 0, 0, 17, 0, 65, 1, 8, 0xa3, 0x64, 'b', 'o', 'o', 't', 0, 0x63, 's', 'e', 'q', 0,
    0x63, 'm', 'a', 'x', 16,
    8, 0, 0x08, 0, 0, 0, 0, 65, 2, 9,
    8, 0, 0x08, 0, 0, 0, 0, 65, 3, 1,
    8, 0, 0x08, 0, 0, 0, 0, 65, 4, 0,
};

static void fill_flash(const uint8_t *data, size_t size)
{
    size_t room = FLASH_SIZE - SETTINGS_AT;
    memcpy(memory + SETTINGS_AT, data, size < room ? size : room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    memset(memory + SLOT_B_AT, 0xff, SECTOR_SIZE);
    memset(memory + BOOT_STATE_AT - SECTOR_SIZE, 0xff, FLASH_SIZE - BOOT_STATE_AT + SECTOR_SIZE);
    memset(memory + PINS_AT, 0, MEMORY_SIZE - PINS_AT);
    ms = coil_ms = 0;
    uint8_t kind = *data++;
    size--;
    if (kind == 'f') {
        fill_flash(data, size);
    }
    start();
    if (kind == 'l') {
        say(data, size);
    } else if (kind == 'p') {
        send_packets(data, size);
    } else if (kind == 'f') {
        happen(0x81);
        send_packets(questions, sizeof questions);
    }
    return 0;
}

/* From reset to main, and what no board needs to do differently. */
#include "board.h"
#include "core.h"
#include "cortex_m.h"
#include "image.h"
#include "image_group.h"

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];

static volatile uint32_t ms;
static uint32_t kept_word __attribute__((section(".remembered")));
static uint32_t kept_check __attribute__((section(".remembered")));

void reset_handler(void);

void reset_handler(void)
{
    const uint32_t *from = data_load;
    for (uint32_t *to = data_start; to < data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end;) {
        *to++ = 0;
    }
    main();
}

/* Coils off, and then the watchdog ends it: whatever went wrong, a start is the way out. */
static void fault(void)
{
    interrupts_off();
    board_coils_off();
    for (;;) {
    }
}

static void ignore(void)
{
}

static void millisecond(void)
{
    ms++;
    core_millisecond();
}

struct vectors {
    const uint32_t *stack;
    handler system[15];
    handler board[BOARD_INTERRUPTS];
};

static void interrupt(void)
{
    uint32_t number;
    __asm__ volatile("mrs %0, ipsr" : "=r"(number));
    handler wanted = board_interrupts[(number - 16u) % BOARD_INTERRUPTS];
    if (wanted) {
        wanted();
    } else {
        fault();
    }
}

#define EIGHT(name) name, name, name, name, name, name, name, name

__attribute__((section(".vectors"), used)) static const struct vectors vectors = {
    stack_top,
    {reset_handler, ignore /* NMI: the watchdog's first warning */, fault, fault, fault, fault, 0, 0,
     0, 0, fault, fault, 0, fault, millisecond},
    {EIGHT(interrupt), EIGHT(interrupt), EIGHT(interrupt), EIGHT(interrupt)},
};

void cortex_start_clock(uint32_t hertz)
{
    SCB_VTOR = (uint32_t)(uintptr_t)&vectors;
    SYSTICK_RELOAD = hertz / 1000 - 1;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 7;
}

uint32_t cortex_ms(void)
{
    return ms;
}

void cortex_reset(void)
{
    __asm__ volatile("dsb" ::: "memory");
    SCB_AIRCR = AIRCR_RESET;
    for (;;) {
    }
}

uint8_t board_running_slot(void)
{
    uint32_t here = (uint32_t)(uintptr_t)&vectors;
    for (enum flash_area slot = FLASH_SLOT_A; slot <= FLASH_SLOT_B; slot++) {
        if (flash_area_size(slot) && board_slot_address(slot) + IMAGE_HEADER_SIZE == here) {
            return (uint8_t)slot;
        }
    }
    return RUNNING_ALONE;
}

void cortex_go_on(uint32_t address)
{
    const uint32_t *there = (const uint32_t *)(uintptr_t)address;
    SCB_VTOR = address;
    __asm__ volatile("dsb\n\tmsr msp, %0\n\tbx %1" ::"r"(there[0]), "r"(there[1]) : "memory");
    __builtin_unreachable();
}

void cortex_remember(uint32_t word)
{
    kept_word = word;
    kept_check = ~word;
}

uint32_t cortex_remembered(void)
{
    uint32_t word = kept_check == ~kept_word ? kept_word : 0;
    kept_check = kept_word;
    return word;
}

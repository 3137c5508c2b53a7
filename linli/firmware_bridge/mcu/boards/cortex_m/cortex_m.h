/* What the Cortex-M3 has on every chip (ARMv7-M Architecture Reference Manual, B3). */
#ifndef LINLI_CORTEX_M_H
#define LINLI_CORTEX_M_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SYSTICK_CONTROL REGISTER(0xE000E010)
#define SYSTICK_RELOAD REGISTER(0xE000E014)
#define SYSTICK_VALUE REGISTER(0xE000E018)
#define NVIC_ENABLE REGISTER(0xE000E100)
#define SCB_VTOR REGISTER(0xE000ED08)
#define SCB_AIRCR REGISTER(0xE000ED0C)

#define AIRCR_RESET 0x05FA0004u

typedef void (*handler)(void);

/* Given by the board: its own interrupts, by their number. */
#define BOARD_INTERRUPTS 32
extern const handler board_interrupts[BOARD_INTERRUPTS];

int main(void);

static inline void wait_for_interrupt(void)
{
    __asm__ volatile("wfi" ::: "memory");
}

static inline void interrupts_off(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
}

/* A millisecond interrupt from a clock of `hertz`; `cortex_ms` counts. */
void cortex_start_clock(uint32_t hertz);
uint32_t cortex_ms(void);
_Noreturn void cortex_reset(void);
/* Another program in the place of this one, whose vector table is there. */
_Noreturn void cortex_go_on(uint32_t vectors);

/* Who resets the chip leaves a word in memory that no start clears: true once after
 * `cortex_remember`, where the power stayed. */
void cortex_remember(uint32_t word);
uint32_t cortex_remembered(void);

#endif

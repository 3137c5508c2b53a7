/* QEMU's mps2-an385 (Arm MPS2 FPGA board, Application Note 385): UART and watchdog are its own;
 * flash and pins are a page of its PSRAM, which QEMU keeps in a file (boards/virtual). */
#include "board.h"
#include "core.h"
#include "cortex_m.h"
#include "flash_map.h"
#include "virtual.h"

#define CLOCK_HZ 25000000u
#define BAUD 115200u
#define PSRAM 0x21000000u

/* CMSDK APB UART and watchdog (Cortex-M System Design Kit Technical Reference Manual, 4.3, 4.6). */
#define UART_DATA REGISTER(0x40004000)
#define UART_STATE REGISTER(0x40004004)
#define UART_CONTROL REGISTER(0x40004008)
#define UART_CLEAR REGISTER(0x4000400C)
#define UART_DIVIDER REGISTER(0x40004010)
#define TX_FULL 1u
#define RX_FULL 2u
#define TX_ON 1u
#define RX_ON 2u
#define RX_INTERRUPT_ON 8u
#define RX_INTERRUPT 2u
#define UART_RX_IRQ 0

#define WATCHDOG_LOAD REGISTER(0x40008000)
#define WATCHDOG_CONTROL REGISTER(0x40008008)
#define WATCHDOG_CLEAR REGISTER(0x4000800C)
#define WATCHDOG_LOCK REGISTER(0x40008C00)
#define WATCHDOG_KEY 0x1ACCE551u
#define WATCHDOG_RESETS 3u

#define TOLD_TO 0x544f4c44u
#define RUNNING 0x52554e21u
#define RING 256u

const char board_name[] = "mps2";
uint8_t *virtual_memory = (uint8_t *)PSRAM;

static volatile uint8_t ring[RING];
static volatile uint8_t ring_from, ring_to; /* both wrap at RING */
static enum board_reset_reason reason;

static void uart_received(void)
{
    UART_CLEAR = RX_INTERRUPT;
    while (UART_STATE & RX_FULL) {
        uint8_t byte = (uint8_t)UART_DATA;
        if ((uint8_t)(ring_to + 1) != ring_from) {
            ring[ring_to] = byte;
            ring_to++;
        }
    }
}

const handler board_interrupts[BOARD_INTERRUPTS] = {[UART_RX_IRQ] = uart_received};

uint32_t board_ms(void)
{
    return cortex_ms();
}

uint32_t board_slot_address(enum flash_area slot)
{
    return PSRAM + (slot == FLASH_SLOT_A ? SLOT_A_AT : SLOT_B_AT);
}

enum board_reset_reason board_reset_reason(void)
{
    return reason;
}

int board_uart_read(void)
{
    return ring_from == ring_to ? -1 : ring[ring_from++];
}

bool board_uart_write(uint8_t byte)
{
    if (UART_STATE & TX_FULL) {
        return false;
    }
    UART_DATA = byte;
    return true;
}

bool board_uart_idle(void)
{
    return !(UART_STATE & TX_FULL);
}

void board_watchdog_start(void)
{
    WATCHDOG_LOCK = WATCHDOG_KEY;
    WATCHDOG_LOAD = 2 * CLOCK_HZ; /* a warning after two seconds, the reset after two more: QEMU
                                     shares its machine with others and may stand still */
    WATCHDOG_CONTROL = WATCHDOG_RESETS;
}

void board_watchdog_kick(void)
{
    while (virtual_pins()->hang) {
    }
    WATCHDOG_CLEAR = 1;
    virtual_pins()->beat++;
}

void board_reset(void)
{
    cortex_remember(TOLD_TO);
    cortex_reset();
}

void virtual_power_cut(void)
{
    interrupts_off();
    SYSTICK_CONTROL = 0;
    WATCHDOG_CONTROL = 0;
    for (;;) {
        wait_for_interrupt();
    }
}

static enum board_reset_reason why(void)
{
    switch (cortex_remembered()) {
    case TOLD_TO:
        return RESET_TOLD_TO;
    case RUNNING:
        return RESET_WATCHDOG;
    default:
        return (enum board_reset_reason)virtual_pins()->reason;
    }
}

int main(void)
{
    virtual_start();
    core_choose();
    reason = why();
    cortex_remember(RUNNING);
    board_watchdog_start();
    UART_DIVIDER = CLOCK_HZ / BAUD;
    UART_CONTROL = TX_ON | RX_ON | RX_INTERRUPT_ON;
    NVIC_ENABLE = 1u << UART_RX_IRQ;
    cortex_start_clock(CLOCK_HZ);
    core_start();
    for (;;) {
        if (core_run()) {
            wait_for_interrupt();
        }
    }
}

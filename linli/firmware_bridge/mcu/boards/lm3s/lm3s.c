/* Stellaris LM3S6965 Ethernet Evaluation Board, as QEMU's lm3s6965evb has it: real GPIO (PL061), so that
 * tests can drive contacts and read coils at the chip's own pins.
 *
 * Four doors. Coils PB0–PB3, contacts PD4–PD7 (open: high), LEDs of the doors PE0–PE3, green PF0, red PF2,
 * buzzer PG1, PIR PA6, tamper PA7 (opened: high), PB6 high takes the host's power away.
 * Registers: LM3S6965 data sheet, chapters 6 (system control), 8 (GPIO), 11 (watchdog), 13 (UART).
 */
#include "board.h"
#include "core.h"
#include "cortex_m.h"
#include "virtual.h"

#define CLOCK_HZ 12500000u /* the internal oscillator, as it is after a reset */
#define DOORS 4

#define CLOCK_GATES_0 REGISTER(0x400FE100)
#define CLOCK_GATES_1 REGISTER(0x400FE104)
#define CLOCK_GATES_2 REGISTER(0x400FE108)
#define RESET_CAUSE REGISTER(0x400FE05C)
#define CAUSE_WATCHDOG 8u
#define CAUSE_SOFTWARE 16u

#define PORT_A 0x40004000u
#define PORT_B 0x40005000u
#define PORT_D 0x40007000u
#define PORT_E 0x40024000u
#define PORT_F 0x40025000u
#define PORT_G 0x40026000u
/* A port's data, seen through a mask: other bits read as 0 and are not written. */
#define DATA(port, mask) REGISTER((port) + ((uint32_t)(mask) << 2))
#define DIRECTION(port) REGISTER((port) + 0x400)
#define ALTERNATE(port) REGISTER((port) + 0x420)
#define PULL_UP(port) REGISTER((port) + 0x510)
#define DIGITAL(port) REGISTER((port) + 0x51C)

#define COILS 0x0Fu
#define POWER_AWAY 0x40u
#define CONTACTS 0xF0u
#define CONTACT_SHIFT 4
#define DOOR_LEDS 0x0Fu
#define GREEN 0x01u
#define RED 0x04u
#define BUZZER 0x02u
#define PIR 0x40u
#define TAMPER 0x80u

#define UART_DATA REGISTER(0x4000C000)
#define UART_FLAGS REGISTER(0x4000C018)
#define UART_WHOLE_DIVIDER REGISTER(0x4000C024)
#define UART_FRACTION REGISTER(0x4000C028)
#define UART_LINE REGISTER(0x4000C02C)
#define UART_CONTROL REGISTER(0x4000C030)
#define UART_INTERRUPTS REGISTER(0x4000C038)
#define UART_CLEAR REGISTER(0x4000C044)
#define TX_FULL 0x20u
#define RX_EMPTY 0x10u
#define BUSY 0x08u
#define RX_INTERRUPTS 0x50u /* received, and received but no more coming */
#define UART_IRQ 5

#define WATCHDOG_LOAD REGISTER(0x40000000)
#define WATCHDOG_CONTROL REGISTER(0x40000008)
#define WATCHDOG_CLEAR REGISTER(0x4000000C)
#define WATCHDOG_RESETS 3u
#define RING 256u

const char board_name[] = "lm3s6965evb";

static volatile uint8_t ring[RING];
static volatile uint8_t ring_from, ring_to;
static enum board_reset_reason reason;

static void uart_received(void)
{
    UART_CLEAR = RX_INTERRUPTS;
    while (!(UART_FLAGS & RX_EMPTY)) {
        uint8_t byte = (uint8_t)UART_DATA;
        if ((uint8_t)(ring_to + 1) != ring_from) {
            ring[ring_to] = byte;
            ring_to++;
        }
    }
}

const handler board_interrupts[BOARD_INTERRUPTS] = {[UART_IRQ] = uart_received};

/* --- pins ------------------------------------------------------------------------------------- */

static void outputs(uint32_t port, uint32_t mask)
{
    DATA(port, mask) = 0;
    DIRECTION(port) |= mask;
    DIGITAL(port) |= mask;
}

static void inputs(uint32_t port, uint32_t mask, uint32_t pulled_up)
{
    DIRECTION(port) &= ~mask;
    PULL_UP(port) |= pulled_up;
    DIGITAL(port) |= mask;
}

static void set_pins(void)
{
    CLOCK_GATES_2 = 0x7F;
    (void)CLOCK_GATES_2; /* a port answers some cycles after its clock was switched on */
    outputs(PORT_B, COILS | POWER_AWAY);
    outputs(PORT_E, DOOR_LEDS);
    outputs(PORT_F, GREEN | RED);
    outputs(PORT_G, BUZZER);
    inputs(PORT_D, CONTACTS, CONTACTS);
    inputs(PORT_A, PIR | TAMPER, TAMPER);
}

uint8_t board_doors(void)
{
    return DOORS;
}

uint8_t board_parts(void)
{
    return PART_LIGHTS | PART_BUZZER | PART_PIR | PART_TAMPER | PART_POWER;
}

static uint32_t bit_of(uint8_t door)
{
    return 1u << (door - 1);
}

void board_coil(uint8_t door, bool on)
{
    DATA(PORT_B, bit_of(door)) = on ? 0xFF : 0;
}

void board_coils_off(void)
{
    DATA(PORT_B, COILS) = 0;
}

bool board_contact(uint8_t door)
{
    return DATA(PORT_D, bit_of(door) << CONTACT_SHIFT) != 0;
}

void board_led(uint8_t led, bool on)
{
    uint32_t all = on ? 0xFF : 0;
    if (led == LED_GREEN) {
        DATA(PORT_F, GREEN) = all;
    } else if (led == LED_RED) {
        DATA(PORT_F, RED) = all;
    } else {
        DATA(PORT_E, bit_of(led)) = all;
    }
}

void board_buzzer(bool on)
{
    DATA(PORT_G, BUZZER) = on ? 0xFF : 0;
}

void board_host_power(bool on)
{
    DATA(PORT_B, POWER_AWAY) = on ? 0 : 0xFF;
}

bool board_pir(void)
{
    return DATA(PORT_A, PIR) != 0;
}

bool board_tamper(void)
{
    return DATA(PORT_A, TAMPER) != 0;
}

int16_t board_temperature(void)
{
    return 0; /* not among its parts */
}

uint16_t board_ambient(void)
{
    return 0; /* not among its parts */
}

/* --- line, time and start --------------------------------------------------------------------- */

uint32_t board_ms(void)
{
    return cortex_ms();
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
    if (UART_FLAGS & TX_FULL) {
        return false;
    }
    UART_DATA = byte;
    return true;
}

bool board_uart_idle(void)
{
    return !(UART_FLAGS & BUSY);
}

void board_watchdog_kick(void)
{
    WATCHDOG_CLEAR = 1;
}

void board_reset(void)
{
    cortex_reset();
}

static enum board_reset_reason why(void)
{
    uint32_t cause = RESET_CAUSE;
    RESET_CAUSE = 0;
    if (cause & CAUSE_WATCHDOG) {
        return RESET_WATCHDOG;
    }
    return cause & CAUSE_SOFTWARE ? RESET_TOLD_TO : RESET_POWER;
}

static void start_line(void)
{
    CLOCK_GATES_1 |= 1;
    ALTERNATE(PORT_A) |= 3;
    DIGITAL(PORT_A) |= 3;
    UART_WHOLE_DIVIDER = 6; /* 12.5 MHz / (16 · 115200) = 6 + 50/64 */
    UART_FRACTION = 50;
    UART_LINE = 0x70; /* 8N1, with FIFO */
    UART_CONTROL = 0x301;
    UART_INTERRUPTS = RX_INTERRUPTS;
    NVIC_ENABLE = 1u << UART_IRQ;
}

void board_watchdog_start(void)
{
    CLOCK_GATES_0 |= 8;
    WATCHDOG_LOAD = CLOCK_HZ / 2; /* a warning after half a second, the reset after another */
    WATCHDOG_CONTROL = WATCHDOG_RESETS;
}

int main(void)
{
    set_pins();
    reason = why();
    virtual_start();
    board_watchdog_start();
    start_line();
    cortex_start_clock(CLOCK_HZ);
    core_start();
    for (;;) {
        if (core_run()) {
            wait_for_interrupt();
        }
    }
}

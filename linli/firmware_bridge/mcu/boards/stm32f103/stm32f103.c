/* ST's NUCLEO-F103RB (STM32F103RB, 128 KB of flash, 20 KB of RAM): the board to buy. Its own USB
 * connector is the serial line. README.md beside this says which pin is what. Not run on hardware. */
#include "analog.h"
#include "board.h"
#include "core.h"
#include "stm32f103.h"

#define CLOCK_HZ 64000000u
#define BAUD_DIVIDER 278u /* 32 MHz / 115200 */
#define DOORS 6
#define RING 512u

const char board_name[] = "nucleo-f103rb";

static volatile uint8_t ring[RING]; /* filled by DMA, whatever the processor does */
static uint32_t ring_from;
static enum board_reset_reason reason;

const handler board_interrupts[BOARD_INTERRUPTS] = {0};

/* --- pins ------------------------------------------------------------------------------------- */

/* Outputs: coils PC0–PC5, LEDs of the doors PB10–PB15, green PB8, red PB9, buzzer PB5, PB1 high takes the
 * host's power away. Inputs: contacts PC6–PC11, tamper PB0, PIR PA8, light PA0. */
#define COILS 0x3Fu
#define CONTACT_SHIFT 6
#define LED_SHIFT 10
#define GREEN (1u << 8)
#define RED (1u << 9)
#define BUZZER (1u << 5)
#define POWER_AWAY (1u << 1)
#define TAMPER (1u << 0)
#define PIR (1u << 8)

static void write_pins(uint32_t port, uint32_t mask, bool on)
{
    PORT_SET(port) = on ? mask : mask << 16;
}

/* One kind for the pins from `first` to `last`. */
static void configure(uint32_t port, uint32_t first, uint32_t last, uint32_t kind)
{
    for (uint32_t pin = first; pin <= last; pin++) {
        volatile uint32_t *half = pin < 8 ? &PORT_LOW(port) : &PORT_HIGH(port);
        uint32_t shift = pin % 8 * 4;
        *half = (*half & ~(0xFu << shift)) | kind << shift;
    }
}

static void set_pins(void)
{
    RCC_APB2 |= APB2_PINS | APB2_ADC1;
    PORT_OUT(PORT_C) = COILS << CONTACT_SHIFT; /* coils off, contacts pulled up */
    PORT_OUT(PORT_B) = TAMPER;                 /* all off, tamper pulled up */
    PORT_OUT(PORT_A) &= ~PIR;                  /* pulled down */
    configure(PORT_C, 0, 5, PIN_OUTPUT);
    configure(PORT_C, 6, 11, PIN_PULLED);
    configure(PORT_B, 0, 0, PIN_PULLED);
    configure(PORT_B, 1, 1, PIN_OUTPUT);
    configure(PORT_B, 5, 5, PIN_OUTPUT);
    configure(PORT_B, 8, 15, PIN_OUTPUT);
    configure(PORT_A, 0, 0, PIN_ANALOG);
    configure(PORT_A, 2, 2, PIN_FUNCTION);
    configure(PORT_A, 3, 3, PIN_FLOATS);
    configure(PORT_A, 8, 8, PIN_PULLED);
}

uint8_t board_doors(void)
{
    return DOORS;
}

uint8_t board_parts(void)
{
    return PART_LIGHTS | PART_BUZZER | PART_PIR | PART_TAMPER | PART_TEMPERATURE | PART_AMBIENT |
           PART_POWER;
}

void board_coil(uint8_t door, bool on)
{
    write_pins(PORT_C, 1u << (door - 1), on);
}

void board_coils_off(void)
{
    write_pins(PORT_C, COILS, false);
}

bool board_contact(uint8_t door)
{
    return (PORT_IN(PORT_C) >> (door - 1 + CONTACT_SHIFT) & 1) != 0;
}

void board_led(uint8_t led, bool on)
{
    uint32_t pin = led == LED_GREEN ? GREEN : led == LED_RED ? RED : 1u << (led - 1 + LED_SHIFT);
    write_pins(PORT_B, pin, on);
}

void board_buzzer(bool on)
{
    write_pins(PORT_B, BUZZER, on);
}

void board_host_power(bool on)
{
    write_pins(PORT_B, POWER_AWAY, !on);
}

bool board_pir(void)
{
    return (PORT_IN(PORT_A) & PIR) != 0;
}

bool board_tamper(void)
{
    return (PORT_IN(PORT_B) & TAMPER) != 0;
}

/* --- line ------------------------------------------------------------------------------------- */

static void start_line(void)
{
    RCC_AHB |= AHB_DMA1;
    RCC_APB1 |= APB1_USART2;
    DMA1_6_FROM = USART2_DATA_ADDRESS;
    DMA1_6_TO = (uint32_t)(uintptr_t)ring;
    DMA1_6_COUNT = RING;
    DMA1_6_CONTROL = DMA_ROUND_AND_ROUND;
    USART2_DIVIDER = BAUD_DIVIDER;
    USART2_CONTROL_3 = USART_DMA_RECEIVES;
    USART2_CONTROL_1 = USART_ON;
}

int board_uart_read(void)
{
    uint32_t to = (RING - DMA1_6_COUNT) % RING;
    if (ring_from == to) {
        return -1;
    }
    uint8_t byte = ring[ring_from];
    ring_from = (ring_from + 1) % RING;
    return byte;
}

bool board_uart_write(uint8_t byte)
{
    if (!(USART2_STATUS & USART_TX_EMPTY)) {
        return false;
    }
    USART2_DATA = byte;
    return true;
}

bool board_uart_idle(void)
{
    return (USART2_STATUS & USART_SENT) != 0;
}

/* --- time and start --------------------------------------------------------------------------- */

uint32_t board_ms(void)
{
    return cortex_ms();
}

enum board_reset_reason board_reset_reason(void)
{
    return reason;
}

void board_watchdog_kick(void)
{
    IWDG_KEY = IWDG_KICK;
}

void board_reset(void)
{
    cortex_reset();
}

static enum board_reset_reason why(void)
{
    uint32_t status = RCC_STATUS;
    RCC_STATUS = status | STATUS_CLEAR;
    if (status & STATUS_WATCHDOGS) {
        return RESET_WATCHDOG;
    }
    return status & STATUS_SOFTWARE ? RESET_TOLD_TO : RESET_POWER;
}

static void start_clock(void)
{
    FLASH_LATENCY = LATENCY_64_MHZ;
    RCC_CONFIG = CONFIG_PLL_16 | CONFIG_APB1_HALF | CONFIG_ADC_SIXTH;
    RCC_CONTROL |= PLL_ON;
    while (!(RCC_CONTROL & PLL_READY)) {
    }
    RCC_CONFIG |= CONFIG_USE_PLL;
    while (!(RCC_CONFIG & CONFIG_USES_PLL)) {
    }
}

/* The watchdog's own clock is 30 to 60 kHz: it bites after 0.7 to 1.3 seconds. */
void board_watchdog_start(void)
{
    IWDG_KEY = IWDG_UNLOCK;
    IWDG_PRESCALER = 2; /* by 16 */
    IWDG_RELOAD = 2500;
    IWDG_KEY = IWDG_KICK;
    IWDG_KEY = IWDG_START;
}

int main(void)
{
    set_pins();
    core_choose();
    reason = why();
    board_watchdog_start();
    start_clock();
    start_line();
    analog_start();
    cortex_start_clock(CLOCK_HZ);
    core_start();
    for (;;) {
        if (core_run()) {
            wait_for_interrupt();
        }
    }
}

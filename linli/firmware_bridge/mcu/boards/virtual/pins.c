/* The board's inputs and outputs as words in memory. */
#include "board.h"
#include "virtual.h"

#define DOORS 6

static uint32_t bit_of(uint8_t door)
{
    return 1u << (door - 1);
}

volatile struct pins *virtual_pins(void)
{
    return (volatile struct pins *)(void *)(virtual_memory + PINS_AT);
}

void virtual_start(void)
{
    volatile struct pins *pins = virtual_pins();
    pins->coils = pins->leds = pins->buzzer = 0;
    pins->host_power = 1;
    pins->dead = pins->beat = pins->hang = 0;
    pins->starts++;
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
    uint32_t others = virtual_pins()->coils & ~bit_of(door);
    virtual_pins()->coils = others | (on ? bit_of(door) : 0);
}

void board_coils_off(void)
{
    virtual_pins()->coils = 0;
}

bool board_contact(uint8_t door)
{
    return (virtual_pins()->contacts & bit_of(door)) != 0;
}

void board_led(uint8_t led, bool on)
{
    uint32_t bit = led == LED_GREEN ? 1u << 30 : led == LED_RED ? 1u << 31 : bit_of(led);
    uint32_t others = virtual_pins()->leds & ~bit;
    virtual_pins()->leds = others | (on ? bit : 0);
}

void board_buzzer(bool on)
{
    virtual_pins()->buzzer = on;
}

void board_host_power(bool on)
{
    virtual_pins()->host_power = on;
}

bool board_pir(void)
{
    return virtual_pins()->pir != 0;
}

bool board_tamper(void)
{
    return virtual_pins()->tamper != 0;
}

int16_t board_temperature(void)
{
    return (int16_t)virtual_pins()->temperature;
}

uint16_t board_ambient(void)
{
    return (uint16_t)virtual_pins()->ambient;
}

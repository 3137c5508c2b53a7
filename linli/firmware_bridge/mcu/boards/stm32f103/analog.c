#include "analog.h"

#include "board.h"
#include "stm32f103.h"

#define STEPS 4096
#define SUPPLY_MV 3300
#define CHIP_TEMPERATURE 16 /* channels */
#define AMBIENT 0
#define PATIENCE 10000 /* turns; a conversion takes some hundred */

void analog_start(void)
{
    ADC1_CONTROL_2 = ADC_ON;
    for (volatile int n = 0; n < 100; n++) {
    }
    ADC1_CONTROL_2 = ADC_ON | ADC_CALIBRATE;
    for (int n = 0; n < PATIENCE && (ADC1_CONTROL_2 & ADC_CALIBRATE); n++) {
    }
    ADC1_TIMES_HIGH = 7u << 18; /* the sensor wants 17.1 µs: 239.5 cycles of 10.7 MHz */
    ADC1_TIMES_LOW = 7u;
    ADC1_CONTROL_2 = ADC_ON | ADC_TEMPERATURE_ON | ADC_SOFTWARE_STARTS;
}

static int32_t converted(uint32_t channel)
{
    ADC1_SEQUENCE_3 = channel;
    ADC1_CONTROL_2 |= ADC_START;
    for (int n = 0; n < PATIENCE && !(ADC1_STATUS & ADC_DONE); n++) {
    }
    return (int32_t)(ADC1_DATA & (STEPS - 1)); /* which also clears ADC_DONE */
}

/* Of the chip, some degrees above the cabinet's air: 1.43 V at 25 °C, 4.3 mV less for each degree more
 * (STM32F103xB data sheet, 5.3.19). Single chips are off by several degrees. */
int16_t board_temperature(void)
{
    int32_t mv = converted(CHIP_TEMPERATURE) * SUPPLY_MV / STEPS;
    return (int16_t)(250 + (1430 - mv) * 100 / 43);
}

/* A photoresistor (GL5528) to the supply, 10 kΩ to ground: roughly, by its data sheet's curve. */
uint16_t board_ambient(void)
{
    static const struct {
        uint16_t steps, lux;
    } curve[] = {{40, 0},      {370, 1},    {1365, 10},  {2460, 35},
                 {3000, 100},  {3700, 450}, {3900, 1000}, {4095, 5000}};
    int32_t steps = converted(AMBIENT);
    uint8_t n = 1;
    while (n < sizeof curve / sizeof curve[0] - 1 && steps > curve[n].steps) {
        n++;
    }
    int32_t from = curve[n - 1].steps, to = curve[n].steps;
    int32_t within = steps < from ? 0 : steps > to ? to - from : steps - from;
    int32_t lux = curve[n - 1].lux + within * (curve[n].lux - curve[n - 1].lux) / (to - from);
    return (uint16_t)lux;
}

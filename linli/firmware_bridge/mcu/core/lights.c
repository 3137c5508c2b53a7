#include "lights.h"

#include "board.h"

#define FORGOTTEN_MS 300000 /* a host that died does not leave a light on for ever */
#define TROUBLE_HALF_MS 250 /* well below the three flashes a second that WCAG 2.3.1 allows */
#define GUIDE_ON_MS 400
#define GUIDE_MS 600

static enum pattern shown;
static uint8_t leads_to;
static uint32_t since;
static uint8_t lit; /* the one LED that is on, or 0 */

static void light(uint8_t led)
{
    if (led == lit) {
        return;
    }
    if (lit) {
        board_led(lit, false);
    }
    if (led) {
        board_led(led, true);
    }
    lit = led;
}

static uint8_t led_at(uint32_t ms)
{
    if (ms >= FORGOTTEN_MS) {
        return 0;
    }
    switch (shown) {
    case PATTERN_SUCCESS:
        return LED_GREEN;
    case PATTERN_TROUBLE:
        return ms / TROUBLE_HALF_MS % 2 ? 0 : LED_RED;
    case PATTERN_GUIDE:
        return ms % GUIDE_MS < GUIDE_ON_MS ? leads_to : 0;
    default:
        return 0;
    }
}

void lights_start(void)
{
    shown = PATTERN_OFF;
    leads_to = lit = 0;
}

void lights_show(enum pattern pattern, uint8_t door)
{
    shown = pattern;
    leads_to = door;
    since = board_ms();
    light(led_at(0));
}

void lights_run(uint32_t now)
{
    uint32_t ms = now - since;
    if (ms >= FORGOTTEN_MS) {
        shown = PATTERN_OFF;
    }
    light(led_at(ms));
}

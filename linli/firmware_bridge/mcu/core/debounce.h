/* A switch counts as moved once it has stayed so for a while. */
#ifndef LINLI_DEBOUNCE_H
#define LINLI_DEBOUNCE_H

#include <stdbool.h>
#include <stdint.h>

struct switch_state {
    bool on;    /* what counts */
    bool seen;  /* what was seen last */
    uint32_t since; /* it is seen so */
};

/* Whether what counts has changed now. `on_ms` and `off_ms`: how long a switch stays on, or off,
 * before it counts. */
static inline bool debounce(struct switch_state *state, bool seen, uint32_t now, uint32_t on_ms,
                            uint32_t off_ms)
{
    if (seen != state->seen) {
        state->seen = seen;
        state->since = now;
    }
    if (seen == state->on || now - state->since < (seen ? on_ms : off_ms)) {
        return false;
    }
    state->on = seen;
    return true;
}

#endif

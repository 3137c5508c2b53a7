/* Nonces and what became of them, kept over reset and power cut. */
#ifndef LINLI_OPENINGS_H
#define LINLI_OPENINGS_H

#include <stdbool.h>
#include <stdint.h>

#define NONCE_SIZE 16

enum outcome { UNDER_WAY = 0, OPENED = 1, JAMMED = 2, INTERRUPTED = 3 };

struct opening {
    uint8_t door;
    enum outcome outcome;
};

/* What was under way is interrupted from here on. */
void openings_start(void);
/* How many of the last are kept at least. */
uint32_t openings_kept(void);
bool openings_find(const uint8_t *nonce, struct opening *opening);
/* Keeps the nonce as under way. False where it could not be kept: then it is not known. */
bool openings_begin(const uint8_t *nonce, uint8_t door);
/* What became of the one that was begun last. */
void openings_decide(enum outcome outcome);
/* Makes room ahead of time, which takes as long as erasing a sector: while no coil is on. */
void openings_rest(void);

#endif

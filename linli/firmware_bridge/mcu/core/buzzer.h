/* Short sounds; each is played once. */
#ifndef LINLI_BUZZER_H
#define LINLI_BUZZER_H

#include "lights.h"

void buzzer_start(void);
void buzzer_play(enum pattern pattern);
void buzzer_run(uint32_t now);

#endif

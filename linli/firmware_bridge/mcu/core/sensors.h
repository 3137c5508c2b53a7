/* Presence and tamper contact, watched; the others are only asked (board.h). */
#ifndef LINLI_SENSORS_H
#define LINLI_SENSORS_H

#include <stdbool.h>
#include <stdint.h>

void sensors_start(void);
void sensors_run(uint32_t now);
bool sensors_presence(void);
bool sensors_tamper(void);

#endif

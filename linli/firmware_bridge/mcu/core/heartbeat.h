/* The watch over the host: who stops its heartbeat loses its power for ten seconds. */
#ifndef LINLI_HEARTBEAT_H
#define LINLI_HEARTBEAT_H

#include <stdint.h>

void heartbeat_start(void);
/* Another heartbeat within `seconds`, or the power is cycled; 0 ends the watch. */
void heartbeat(uint32_t seconds);
/* The host is at work on an update of this board: as much time again as its last heartbeat gave. */
void heartbeat_grace(void);
void heartbeat_run(uint32_t now);

#endif

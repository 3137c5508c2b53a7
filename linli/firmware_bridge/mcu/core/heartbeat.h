/* The watch over the host: who stops its heartbeat loses its power for ten seconds. */
#ifndef LINLI_HEARTBEAT_H
#define LINLI_HEARTBEAT_H

#include <stdint.h>

/* A host that installs an update of itself asks for as much. */
#define LONGEST_HEARTBEAT_S 86400u

void heartbeat_start(void);
/* Another heartbeat within `seconds`, or the power is cycled; 0 ends the watch. After that nothing
 * is watched until the host has told of itself again, however long its start takes. */
void heartbeat(uint32_t seconds);
/* The host is busy with an update of this board: a sign of life as good as a heartbeat. */
void heartbeat_grace(void);
void heartbeat_run(uint32_t now);

#endif

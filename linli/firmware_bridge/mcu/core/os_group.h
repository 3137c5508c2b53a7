/* SMP group 0: echo, reset, parameters. */
#ifndef LINLI_OS_GROUP_H
#define LINLI_OS_GROUP_H

#include "smp.h"

extern const struct smp_group os_group;

void os_group_start(void);

/* Resets the board once the answer that told so has left. Called in every turn of the loop. */
void os_group_run(void);

#endif

/* SMP group 65: the terminal board's own verbs (docs/protocol.md). */
#ifndef LINLI_TERMINAL_GROUP_H
#define LINLI_TERMINAL_GROUP_H

#include "smp.h"

extern const struct smp_group terminal_group;

#endif

/* Which groups the firmware serves. */
#include <stddef.h>

#include "image_group.h"
#include "os_group.h"
#include "smp.h"
#include "terminal_group.h"

const struct smp_group *const smp_groups[] = {&os_group, &image_group, &terminal_group, NULL};

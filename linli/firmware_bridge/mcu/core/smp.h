/* SMP, the protocol of mcumgr, over a serial line; see linli/firmware_bridge/smp.py and
 * docs/protocol.md. One request at a time: while an answer leaves, what comes in waits. */
#ifndef LINLI_SMP_H
#define LINLI_SMP_H

#include <stdbool.h>
#include <stdint.h>

#include "cbor.h"

#define SMP_LONGEST_PACKET 1024u
/* Header and map of a request or an answer. */
#define SMP_HEADER_SIZE 8u

enum smp_op { SMP_READ = 0, SMP_WRITE = 2 };

/* Errors of every group (mcumgr_err_t). */
enum smp_rc {
    SMP_RC_UNKNOWN = 1,
    SMP_RC_NO_MEMORY = 2,
    SMP_RC_WRONG = 3,
    SMP_RC_TOO_LONG = 7,
    SMP_RC_NOT_SUPPORTED = 8
};

/* What a verb returns: SMP_OK, an error code of its own group (1 … 255), or `SMP_GENERAL(rc)`.
 * After an error nothing of what it wrote is sent. */
#define SMP_OK 0
#define SMP_GENERAL(rc) (0x100 | (rc))

/* Reads its request from `in` and puts keys and values into `out`; returns how many pairs those
 * are in `*pairs` (at most 23). */
typedef int (*smp_verb)(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs);

struct smp_command {
    uint8_t command;
    uint8_t op;
    smp_verb verb;
};

struct smp_group {
    uint16_t number;
    uint8_t count;
    const struct smp_command *commands;
};

/* The groups that the firmware serves, ended by NULL; see groups.c. */
extern const struct smp_group *const smp_groups[];

void smp_start(void);
/* Reads what came, answers what is whole, sends what the line takes. Never waits. Whether all has been
 * handed to the line. */
bool smp_run(void);
/* Whether no answer is on its way out any more. */
bool smp_idle(void);

/* One packet, header first, without frame; the answer goes to `answer`, which has room for
 * SMP_LONGEST_PACKET bytes. Returns its size, 0 where there is none. */
uint32_t smp_handle(const uint8_t *packet, uint32_t size, uint8_t *answer);

#endif

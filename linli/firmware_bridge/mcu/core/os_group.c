#include "os_group.h"

#include "board.h"

#define SENT_WITHIN_MS 500

enum command { ECHO = 0, RESET = 5, PARAMETERS = 6 };

static bool told_to_reset;
static uint32_t told_at;

static int echo(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct cbor_bytes text = {0, 0};
    if (cbor_has(in, "d") && !cbor_text(in, "d", &text)) {
        return SMP_GENERAL(SMP_RC_WRONG);
    }
    cbor_put_text(out, "r");
    cbor_put_text_of(out, text.at, text.size);
    *pairs = 1;
    return SMP_OK;
}

static int reset(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    (void)in, (void)out, (void)pairs;
    told_to_reset = true;
    told_at = board_ms();
    return SMP_OK;
}

static int parameters(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    (void)in;
    cbor_put_text(out, "buf_size");
    cbor_put_uint(out, SMP_LONGEST_PACKET);
    cbor_put_text(out, "buf_count");
    cbor_put_uint(out, 1);
    *pairs = 2;
    return SMP_OK;
}

void os_group_start(void)
{
    told_to_reset = false;
}

void os_group_run(void)
{
    bool late = board_ms() - told_at >= SENT_WITHIN_MS;
    if (told_to_reset && (late || smp_idle())) {
        told_to_reset = false;
        board_reset();
    }
}

static const struct smp_command commands[] = {
    {ECHO, SMP_READ, echo},
    {ECHO, SMP_WRITE, echo},
    {RESET, SMP_WRITE, reset},
    {PARAMETERS, SMP_READ, parameters},
};

const struct smp_group os_group = {0, sizeof commands / sizeof commands[0], commands};

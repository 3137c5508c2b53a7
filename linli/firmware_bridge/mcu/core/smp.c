#include "smp.h"

#include <stddef.h>

#include "board.h"
#include "bytes.h"
#include "frames.h"

#define OP_MASK 0x07
#define VERSION_MASK 0x18
#define OP_ANSWER 1
#define MOST_BYTES 512 /* in one turn: a babbling host must not hold up the doors */

static struct frame_reader reader;
static struct frame_writer writer;
static uint8_t answer[SMP_LONGEST_PACKET];
static int next_byte;

void smp_start(void)
{
    memset(&reader, 0, sizeof reader);
    memset(&writer, 0, sizeof writer);
    next_byte = -1;
}

/* --- packets ---------------------------------------------------------------------------------- */

static int serve(const uint8_t *packet, const struct cbor_map *in, struct cbor_writer *out,
                 uint8_t *pairs)
{
    uint16_t number = (uint16_t)(packet[4] << 8 | packet[5]);
    for (size_t n = 0; smp_groups[n] != NULL; n++) {
        const struct smp_group *group = smp_groups[n];
        for (uint8_t c = 0; group->number == number && c < group->count; c++) {
            const struct smp_command *command = &group->commands[c];
            if (command->command == packet[7] && command->op == (packet[0] & OP_MASK)) {
                return command->verb(in, out, pairs);
            }
        }
    }
    return SMP_GENERAL(SMP_RC_NOT_SUPPORTED);
}

/* SMP version 2 tells whose error it is; version 1 knows a number only. */
static uint8_t put_error(struct cbor_writer *out, const uint8_t *packet, int error)
{
    bool general = (error & SMP_GENERAL(0)) != 0;
    if (!general && (packet[0] & VERSION_MASK)) {
        cbor_put_text(out, "err");
        cbor_put_map(out, 2);
        cbor_put_text(out, "group");
        cbor_put_uint(out, (uint32_t)packet[4] << 8 | packet[5]);
    }
    cbor_put_text(out, "rc");
    cbor_put_uint(out, (uint32_t)error & 0xff);
    return 1;
}

uint32_t smp_handle(const uint8_t *packet, uint32_t size, uint8_t *to)
{
    struct cbor_writer out = {to + SMP_HEADER_SIZE, to + SMP_LONGEST_PACKET, false};
    struct cbor_map in;
    if (size < SMP_HEADER_SIZE || (packet[0] & OP_ANSWER) || (packet[0] & OP_MASK) > SMP_WRITE ||
        ((uint32_t)packet[2] << 8 | packet[3]) != size - SMP_HEADER_SIZE) {
        return 0;
    }
    uint8_t pairs = 0;
    uint8_t *map = cbor_begin(&out);
    int error = SMP_GENERAL(SMP_RC_WRONG);
    if (cbor_map(&in, packet + SMP_HEADER_SIZE, size - SMP_HEADER_SIZE)) {
        error = serve(packet, &in, &out, &pairs);
        if (error == SMP_OK && out.full) {
            error = SMP_GENERAL(SMP_RC_TOO_LONG);
        }
    }
    if (error != SMP_OK) {
        out = (struct cbor_writer){to + SMP_HEADER_SIZE + 1, to + SMP_LONGEST_PACKET, false};
        pairs = put_error(&out, packet, error);
    }
    cbor_end_map(&out, map, pairs);
    uint32_t body = (uint32_t)(out.at - map);
    memcpy(to, packet, SMP_HEADER_SIZE);
    to[0] = (uint8_t)((packet[0] & VERSION_MASK) | ((packet[0] & OP_MASK) + OP_ANSWER));
    to[1] = 0;
    to[2] = (uint8_t)(body >> 8);
    to[3] = (uint8_t)body;
    return SMP_HEADER_SIZE + body;
}

/* --- the line --------------------------------------------------------------------------------- */

/* Whether everything has been handed to the line. */
static bool sent(void)
{
    for (;;) {
        if (next_byte < 0) {
            next_byte = frame_next(&writer);
        }
        if (next_byte < 0) {
            return true;
        }
        if (!board_uart_write((uint8_t)next_byte)) {
            return false;
        }
        next_byte = -1;
    }
}

bool smp_run(void)
{
    int byte;
    for (int n = 0; n < MOST_BYTES && sent() && (byte = board_uart_read()) >= 0; n++) {
        uint32_t size = frame_read(&reader, (uint8_t)byte);
        uint32_t told = size ? smp_handle(reader.packet + 2, size, answer) : 0;
        if (told) {
            frame_write(&writer, answer, told);
        }
    }
    return sent();
}

bool smp_idle(void)
{
    return sent() && board_uart_idle();
}

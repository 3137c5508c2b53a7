/* Lines to packets: length ‖ packet ‖ CRC-16 in base64 lines behind `06 09` or `04 14`
 * (mcumgr, "SMP over console"). */
#ifndef LINLI_FRAMES_H
#define LINLI_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "smp.h"

/* Length and checksum around a packet. */
#define FRAME_EXTRA 4u

/* Finds packets in what comes, whatever lies between them. `packet` holds length and checksum as
 * well, so the message begins at packet[2]. */
struct frame_reader {
    uint8_t packet[SMP_LONGEST_PACKET + FRAME_EXTRA];
    uint32_t size;       /* bytes decoded so far */
    uint32_t line_began; /* how many of them before this line */
    uint32_t quad;       /* the characters of base64 that make no three bytes yet */
    uint8_t in_quad;
    uint8_t padding;
    uint8_t line_length;
    uint8_t before; /* the character before this one */
    bool in_packet; /* a first line came, and nothing was wrong since */
    bool in_line;   /* behind a marker */
    bool sound;     /* this line, so far */
};

/* Takes one byte. Returns the size of a packet that it completes, else 0. */
uint32_t frame_read(struct frame_reader *reader, uint8_t byte);

/* An answer on its way out, made into lines as the sender takes them. */
struct frame_writer {
    const uint8_t *packet;
    uint32_t size;
    uint32_t at; /* of length ‖ packet ‖ checksum */
    uint16_t crc;
    uint8_t ready[4];
    uint8_t to_send; /* of `ready` */
    uint8_t in_line; /* characters since the line began, its marker included */
};

void frame_write(struct frame_writer *writer, const uint8_t *packet, uint32_t size);
/* The next byte, or -1 at the end. */
int frame_next(struct frame_writer *writer);

#endif

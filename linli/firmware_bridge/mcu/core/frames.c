#include "frames.h"

#include "bytes.h"

#define LONGEST_LINE 127 /* marker and newline included */
#define LONGEST_TEXT (LONGEST_LINE - 3)
#define NOT_BASE64 0xff

static const uint8_t alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* --- reading ---------------------------------------------------------------------------------- */

static uint8_t six_bits(uint8_t letter)
{
    if (letter >= 'A' && letter <= 'Z') {
        return (uint8_t)(letter - 'A');
    }
    if (letter >= 'a' && letter <= 'z') {
        return (uint8_t)(letter - 'a' + 26);
    }
    if (letter >= '0' && letter <= '9') {
        return (uint8_t)(letter - '0' + 52);
    }
    return letter == '+' ? 62 : letter == '/' ? 63 : NOT_BASE64;
}

static void begin_line(struct frame_reader *reader, bool first)
{
    if (first) {
        reader->size = 0;
        reader->in_packet = true;
    } else if (reader->in_line) {
        reader->size = reader->line_began; /* only what stands behind the last marker counts */
    }
    reader->line_began = reader->size;
    reader->in_line = true;
    reader->sound = true;
    reader->in_quad = reader->padding = reader->line_length = 0;
    reader->quad = 0;
}

static void put_quad(struct frame_reader *reader)
{
    uint32_t bytes = 3u - reader->padding;
    if (reader->size + bytes > sizeof reader->packet) {
        reader->sound = false;
        return;
    }
    for (uint32_t n = 0; n < bytes; n++) {
        reader->packet[reader->size++] = (uint8_t)(reader->quad >> (16 - 8 * n));
    }
}

static void take_letter(struct frame_reader *reader, uint8_t letter)
{
    uint8_t bits = six_bits(letter);
    bool pads = letter == '=' && reader->in_quad >= 2;
    if (reader->line_length == LONGEST_TEXT || (bits == NOT_BASE64 && !pads) ||
        (reader->padding && !pads)) {
        reader->sound = false;
        return;
    }
    reader->line_length++;
    reader->padding = (uint8_t)(reader->padding + pads);
    reader->quad = reader->quad << 6 | (pads ? 0 : bits);
    if (++reader->in_quad < 4) {
        return;
    }
    put_quad(reader);
    reader->in_quad = 0;
    reader->quad = 0;
}

/* The size of the packet if it is whole; ends it where it can never be. */
static uint32_t completed(struct frame_reader *reader)
{
    const uint8_t *packet = reader->packet;
    if (reader->size < 2) {
        return 0;
    }
    uint32_t whole = 2u + ((uint32_t)packet[0] << 8 | packet[1]);
    if (whole < FRAME_EXTRA || whole > sizeof reader->packet || reader->size > whole) {
        reader->in_packet = false;
        return 0;
    }
    if (reader->size < whole) {
        return 0;
    }
    reader->in_packet = false;
    bool right = crc16(0, packet + 2, whole - 2) == 0; /* over packet and checksum together */
    return right ? whole - FRAME_EXTRA : 0;
}

static uint32_t end_line(struct frame_reader *reader)
{
    bool counts = reader->in_line && reader->in_packet;
    reader->in_line = false;
    if (!counts) {
        return 0;
    }
    if (!reader->sound || reader->in_quad) {
        reader->in_packet = false;
        return 0;
    }
    return completed(reader);
}

uint32_t frame_read(struct frame_reader *reader, uint8_t byte)
{
    uint8_t before = reader->before;
    bool after_return = before == '\r';
    reader->before = byte;
    if (byte == '\n') {
        return end_line(reader);
    }
    if ((before == 0x06 && byte == 0x09) || (before == 0x04 && byte == 0x14)) {
        begin_line(reader, byte == 0x09);
    } else if (reader->in_line && byte != '\r') {
        take_letter(reader, byte);
    }
    if (after_return && byte != '\n') {
        reader->sound = false; /* only the one before the newline belongs to consoles */
    }
    return 0;
}

/* --- writing ---------------------------------------------------------------------------------- */

void frame_write(struct frame_writer *writer, const uint8_t *packet, uint32_t size)
{
    *writer = (struct frame_writer){.packet = packet, .size = size};
    writer->crc = crc16(0, packet, size);
}

static uint8_t byte_at(const struct frame_writer *writer, uint32_t at)
{
    uint32_t told = writer->size + 2; /* packet and checksum */
    if (at < 2) {
        return (uint8_t)(told >> (8 - 8 * at));
    }
    at -= 2;
    if (at < writer->size) {
        return writer->packet[at];
    }
    return (uint8_t)(writer->crc >> (at == writer->size ? 8 : 0));
}

/* What comes out next, last byte first. */
static void make_ready(struct frame_writer *writer, const uint8_t *bytes, uint8_t count)
{
    for (uint8_t n = 0; n < count; n++) {
        writer->ready[count - 1 - n] = bytes[n];
    }
    writer->to_send = count;
    writer->in_line = (uint8_t)(writer->in_line + count);
}

static void make_letters(struct frame_writer *writer)
{
    uint32_t whole = writer->size + FRAME_EXTRA;
    uint32_t quad = 0;
    uint8_t letters[4] = {'=', '=', '=', '='};
    uint32_t bytes = whole - writer->at < 3 ? whole - writer->at : 3;
    for (uint32_t n = 0; n < 3; n++) {
        quad = quad << 8 | (n < bytes ? byte_at(writer, writer->at + n) : 0u);
    }
    for (uint32_t n = 0; n <= bytes; n++) {
        letters[n] = alphabet[quad >> (18 - 6 * n) & 0x3f];
    }
    writer->at += bytes;
    make_ready(writer, letters, 4);
}

static void make_more(struct frame_writer *writer)
{
    static const uint8_t first[] = {0x06, 0x09}, continued[] = {0x04, 0x14}, newline[] = {'\n'};
    bool over = writer->at == writer->size + FRAME_EXTRA;
    if (writer->in_line == 0) {
        if (!over) {
            make_ready(writer, writer->at ? continued : first, 2);
        }
    } else if (over || writer->in_line + 4 >= LONGEST_LINE) {
        make_ready(writer, newline, 1);
        writer->in_line = 0;
    } else {
        make_letters(writer);
    }
}

int frame_next(struct frame_writer *writer)
{
    if (writer->packet == 0) {
        return -1;
    }
    if (writer->to_send == 0) {
        make_more(writer);
    }
    if (writer->to_send == 0) {
        writer->packet = 0;
        return -1;
    }
    return writer->ready[--writer->to_send];
}

/* The little of CBOR (RFC 8949) that SMP needs: maps with texts as keys, of definite length. */
#ifndef LINLI_CBOR_H
#define LINLI_CBOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- reading ---------------------------------------------------------------------------------- */

/* A map that was found to be well-formed, in bytes that stay where they are. */
struct cbor_map {
    const uint8_t *at;
    const uint8_t *end;
    uint32_t pairs;
};

struct cbor_bytes {
    const uint8_t *at;
    uint32_t size;
};

/* Takes `size` bytes that are exactly one map with texts as keys (values of any kind, nested up to
 * four deep). No bytes at all are an empty map. False where they are not. */
bool cbor_map(struct cbor_map *map, const uint8_t *from, uint32_t size);

/* The value of a key. False where the key is missing or its value is of another kind; of a key
 * that is there twice the first counts. */
bool cbor_uint(const struct cbor_map *map, const char *key, uint32_t *value);
bool cbor_bool(const struct cbor_map *map, const char *key, bool *value);
bool cbor_bytes(const struct cbor_map *map, const char *key, struct cbor_bytes *value);
bool cbor_text(const struct cbor_map *map, const char *key, struct cbor_bytes *value);
/* Whether the key is there, with a value of whatever kind. */
bool cbor_has(const struct cbor_map *map, const char *key);

/* --- writing ---------------------------------------------------------------------------------- */

/* Writes into a buffer; what does not fit is left out and remembered in `full`. */
struct cbor_writer {
    uint8_t *at;
    uint8_t *end;
    bool full;
};

void cbor_put_uint(struct cbor_writer *to, uint32_t value);
void cbor_put_int(struct cbor_writer *to, int32_t value);
void cbor_put_bool(struct cbor_writer *to, bool value);
void cbor_put_text(struct cbor_writer *to, const char *text);
void cbor_put_text_of(struct cbor_writer *to, const uint8_t *text, uint32_t size);
void cbor_put_bytes(struct cbor_writer *to, const uint8_t *bytes, uint32_t size);

/* An array or map whose count is told at its end: at most 23. `begin` returns what `end` wants. */
uint8_t *cbor_begin(struct cbor_writer *to);
void cbor_end_array(struct cbor_writer *to, uint8_t *begun, uint8_t count);
void cbor_end_map(struct cbor_writer *to, uint8_t *begun, uint8_t pairs);
void cbor_put_array(struct cbor_writer *to, uint8_t count);
void cbor_put_map(struct cbor_writer *to, uint8_t pairs);

#endif

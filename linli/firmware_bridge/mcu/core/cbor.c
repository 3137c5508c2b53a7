#include "cbor.h"

#define DEEPEST 4

enum kind { UINT = 0, NINT = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6, SIMPLE = 7 };

struct reader {
    const uint8_t *at;
    const uint8_t *end;
};

struct head {
    uint8_t kind;
    uint8_t info;
    uint32_t value; /* saturated where it does not fit */
    bool wide;
};

/* --- reading ---------------------------------------------------------------------------------- */

static bool take_head(struct reader *from, struct head *head)
{
    if (from->at == from->end) {
        return false;
    }
    uint8_t first = *from->at++;
    head->kind = first >> 5;
    head->info = first & 0x1f;
    head->wide = false;
    head->value = head->info;
    if (head->info < 24) {
        return true;
    }
    if (head->info > 27) {
        return false; /* indefinite lengths are not served */
    }
    uint32_t size = 1u << (head->info - 24);
    if ((size_t)(from->end - from->at) < size) {
        return false;
    }
    head->value = 0;
    while (size--) {
        head->wide = head->wide || (head->value >> 24) != 0;
        head->value = head->value << 8 | *from->at++;
    }
    return true;
}

static bool skip(struct reader *from, int depth);

static bool skip_many(struct reader *from, uint32_t items, int depth)
{
    while (items--) {
        if (!skip(from, depth)) {
            return false;
        }
    }
    return true;
}

/* Goes over one item. */
static bool skip(struct reader *from, int depth)
{
    struct head head;
    if (depth < 0 || !take_head(from, &head)) {
        return false;
    }
    switch (head.kind) {
    case BYTES:
    case TEXT:
        if (head.wide || head.value > (size_t)(from->end - from->at)) {
            return false;
        }
        from->at += head.value;
        return true;
    case ARRAY:
        return !head.wide && skip_many(from, head.value, depth - 1);
    case MAP:
        return !head.wide && skip_many(from, head.value, depth - 1) &&
               skip_many(from, head.value, depth - 1);
    case TAG:
        return skip(from, depth - 1);
    default:
        return true;
    }
}

static bool take_text(struct reader *from, struct cbor_bytes *text)
{
    struct head head;
    if (!take_head(from, &head) || head.kind != TEXT || head.wide ||
        head.value > (size_t)(from->end - from->at)) {
        return false;
    }
    text->at = from->at;
    text->size = head.value;
    from->at += head.value;
    return true;
}

bool cbor_map(struct cbor_map *map, const uint8_t *from, uint32_t size)
{
    struct reader reader = {from, from + size};
    struct head head;
    struct cbor_bytes key;
    *map = (struct cbor_map){from, from + size, 0};
    if (size == 0) {
        return true;
    }
    if (!take_head(&reader, &head) || head.kind != MAP || head.wide) {
        return false;
    }
    map->at = reader.at;
    map->pairs = head.value;
    for (uint32_t n = 0; n < map->pairs; n++) {
        if (!take_text(&reader, &key) || !skip(&reader, DEEPEST)) {
            return false;
        }
    }
    return reader.at == reader.end;
}

static bool same(const struct cbor_bytes *text, const char *name)
{
    uint32_t n = 0;
    while (n < text->size && name[n] != 0 && text->at[n] == (uint8_t)name[n]) {
        n++;
    }
    return n == text->size && name[n] == 0;
}

static bool find(const struct cbor_map *map, const char *name, struct reader *value)
{
    struct reader reader = {map->at, map->end};
    struct cbor_bytes key;
    for (uint32_t n = 0; n < map->pairs; n++) {
        if (!take_text(&reader, &key)) {
            return false;
        }
        if (same(&key, name)) {
            *value = reader;
            return true;
        }
        if (!skip(&reader, DEEPEST)) {
            return false;
        }
    }
    return false;
}

bool cbor_has(const struct cbor_map *map, const char *key)
{
    struct reader value;
    return find(map, key, &value);
}

bool cbor_uint(const struct cbor_map *map, const char *key, uint32_t *value)
{
    struct reader reader;
    struct head head;
    if (!find(map, key, &reader) || !take_head(&reader, &head) || head.kind != UINT || head.wide) {
        return false;
    }
    *value = head.value;
    return true;
}

bool cbor_bool(const struct cbor_map *map, const char *key, bool *value)
{
    struct reader reader;
    struct head head;
    if (!find(map, key, &reader) || !take_head(&reader, &head) || head.kind != SIMPLE ||
        (head.info != 20 && head.info != 21)) {
        return false;
    }
    *value = head.info == 21;
    return true;
}

static bool find_string(const struct cbor_map *map, const char *key, uint8_t kind,
                        struct cbor_bytes *value)
{
    struct reader reader;
    struct head head;
    if (!find(map, key, &reader) || !take_head(&reader, &head) || head.kind != kind) {
        return false;
    }
    value->at = reader.at; /* cbor_map has seen that it is whole */
    value->size = head.value;
    return true;
}

bool cbor_bytes(const struct cbor_map *map, const char *key, struct cbor_bytes *value)
{
    return find_string(map, key, BYTES, value);
}

bool cbor_text(const struct cbor_map *map, const char *key, struct cbor_bytes *value)
{
    return find_string(map, key, TEXT, value);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put(struct cbor_writer *to, uint8_t byte)
{
    if (to->at == to->end) {
        to->full = true;
        return;
    }
    *to->at++ = byte;
}

static void put_head(struct cbor_writer *to, uint8_t kind, uint32_t value)
{
    uint8_t first = (uint8_t)(kind << 5);
    int more = value < 24 ? 0 : value < 0x100 ? 1 : value < 0x10000 ? 2 : 4;
    if (more == 0) {
        put(to, (uint8_t)(first | value));
        return;
    }
    put(to, (uint8_t)(first | (more == 1 ? 24 : more == 2 ? 25 : 26)));
    while (more--) {
        put(to, (uint8_t)(value >> (8 * more)));
    }
}

void cbor_put_uint(struct cbor_writer *to, uint32_t value)
{
    put_head(to, UINT, value);
}

void cbor_put_int(struct cbor_writer *to, int32_t value)
{
    if (value < 0) {
        put_head(to, NINT, ~(uint32_t)value);
    } else {
        put_head(to, UINT, (uint32_t)value);
    }
}

void cbor_put_bool(struct cbor_writer *to, bool value)
{
    put(to, value ? 0xf5 : 0xf4);
}

static void put_string(struct cbor_writer *to, uint8_t kind, const uint8_t *from, uint32_t size)
{
    put_head(to, kind, size);
    while (size--) {
        put(to, *from++);
    }
}

void cbor_put_bytes(struct cbor_writer *to, const uint8_t *bytes, uint32_t size)
{
    put_string(to, BYTES, bytes, size);
}

void cbor_put_text_of(struct cbor_writer *to, const uint8_t *text, uint32_t size)
{
    put_string(to, TEXT, text, size);
}

void cbor_put_text(struct cbor_writer *to, const char *text)
{
    uint32_t size = 0;
    while (text[size] != 0) {
        size++;
    }
    put_string(to, TEXT, (const uint8_t *)text, size);
}

void cbor_put_array(struct cbor_writer *to, uint8_t count)
{
    put_head(to, ARRAY, count);
}

void cbor_put_map(struct cbor_writer *to, uint8_t pairs)
{
    put_head(to, MAP, pairs);
}

uint8_t *cbor_begin(struct cbor_writer *to)
{
    uint8_t *begun = to->at;
    put(to, 0);
    return begun;
}

static void end(struct cbor_writer *to, uint8_t *begun, uint8_t kind, uint8_t count)
{
    if (begun == to->end || count > 23) {
        to->full = true;
        return;
    }
    *begun = (uint8_t)(kind << 5 | count);
}

void cbor_end_array(struct cbor_writer *to, uint8_t *begun, uint8_t count)
{
    end(to, begun, ARRAY, count);
}

void cbor_end_map(struct cbor_writer *to, uint8_t *begun, uint8_t pairs)
{
    end(to, begun, MAP, pairs);
}

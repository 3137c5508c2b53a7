#include "image_group.h"

#include "boot_state.h"
#include "bytes.h"
#include "image.h"
#include "upload.h"

enum command { STATE = 0, UPLOAD = 1, ERASE = 5 };

#define MOST_IMAGE 1u /* some clients say the slot here */
#define SLOTS 2u

enum error {
    NO_FREE_SLOT = 9,
    ERASE_FAILED = 13,
    INVALID_SLOT = 14,
    INVALID_LENGTH = 21,
    NOT_NEWER = 27,
    ALREADY_PENDING = 28,
    CONFIRMATION_DENIED = 32,
    ACTIVE_CANNOT_BE_TESTED = 33
};

#define BUSY SMP_GENERAL(10)

static uint8_t running;

void image_group_start(uint8_t slot)
{
    running = slot;
    upload_start();
}

static bool on_trial(const struct boot_state *state)
{
    return running < SLOTS && state->test == running && state->tried;
}

/* Whether a slot may be overwritten: neither what runs nor what one would return to. */
static bool is_free(const struct boot_state *state, uint8_t slot)
{
    return running == RUNNING_BOOTLOADER ||
           (running < SLOTS && slot != running && (slot != state->confirmed || !on_trial(state)));
}

/* --- state ------------------------------------------------------------------------------------ */

static void put_flag(struct cbor_writer *out, const char *key, bool value)
{
    cbor_put_text(out, key);
    cbor_put_bool(out, value);
}

static char *put_number(char *to, uint32_t number)
{
    char digits[10];
    unsigned count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    while (count) {
        *to++ = digits[--count];
    }
    return to;
}

static void put_version(struct cbor_writer *out, const struct image_version *version)
{
    char text[32], *to = put_number(text, version->major);
    *to++ = '.';
    to = put_number(to, version->minor);
    *to++ = '.';
    to = put_number(to, version->revision);
    if (version->build) {
        *to++ = '.';
        to = put_number(to, version->build);
    }
    cbor_put_text_of(out, (const uint8_t *)text, (uint32_t)(to - text));
}

static void put_image(struct cbor_writer *out, const struct boot_state *state, uint8_t slot,
                      const struct image *image)
{
    cbor_put_map(out, 8);
    cbor_put_text(out, "slot");
    cbor_put_uint(out, slot);
    cbor_put_text(out, "version");
    put_version(out, &image->version);
    cbor_put_text(out, "hash");
    cbor_put_bytes(out, image->hash, sizeof image->hash);
    put_flag(out, "bootable", true);
    put_flag(out, "pending", state->test == slot && !state->tried);
    put_flag(out, "confirmed", state->confirmed == slot);
    put_flag(out, "active", running == slot);
    put_flag(out, "permanent", false);
}

static int read_state(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct boot_state state;
    struct image image;
    uint8_t count = 0;
    (void)in;
    boot_state_read(&state);
    cbor_put_text(out, "images");
    uint8_t *array = cbor_begin(out);
    for (uint8_t slot = 0; slot < SLOTS; slot++) {
        if (image_look((enum flash_area)slot, &image) == IMAGE_GOOD) {
            put_image(out, &state, slot, &image);
            count++;
        }
    }
    cbor_end_array(out, array, count);
    cbor_put_text(out, "splitStatus");
    cbor_put_uint(out, 0);
    *pairs = 2;
    return SMP_OK;
}

/* The slot whose image has that hash, or NO_SLOT. */
static uint8_t slot_of(const struct cbor_bytes *hash)
{
    struct image image;
    for (uint8_t slot = 0; slot < SLOTS; slot++) {
        if (hash->size == SHA256_SIZE && image_look((enum flash_area)slot, &image) == IMAGE_GOOD &&
            memcmp(hash->at, image.hash, SHA256_SIZE) == 0) {
            return slot;
        }
    }
    return NO_SLOT;
}

static int confirm(struct boot_state *state, uint8_t slot)
{
    struct image image;
    if (running >= SLOTS || slot != running || !update_self_check() ||
        image_look((enum flash_area)slot, &image) != IMAGE_GOOD) {
        return CONFIRMATION_DENIED;
    }
    *state = (struct boot_state){image.counter, running, NO_SLOT, 0, 0};
    return SMP_OK;
}

static int test(struct boot_state *state, uint8_t slot)
{
    struct image image;
    if (slot == running) {
        return ACTIVE_CANNOT_BE_TESTED;
    }
    if (running == RUNNING_ALONE) {
        return INVALID_SLOT;
    }
    if (on_trial(state)) {
        return ALREADY_PENDING;
    }
    state->test = slot;
    state->tried = 0;
    return image_check((enum flash_area)slot, state->least_counter, &image);
}

static int write_state(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct boot_state state;
    struct cbor_bytes hash = {0, 0};
    bool confirms = false, named = cbor_bytes(in, "hash", &hash);
    if (cbor_has(in, "confirm") && !cbor_bool(in, "confirm", &confirms)) {
        return SMP_GENERAL(SMP_RC_WRONG);
    }
    if (!named && !confirms) {
        return SMP_GENERAL(SMP_RC_WRONG);
    }
    if (!update_may_erase()) {
        return BUSY;
    }
    update_goes_on();
    uint8_t slot = named ? slot_of(&hash) : running;
    if (slot == NO_SLOT && named) {
        return IMAGE_NONE;
    }
    boot_state_read(&state);
    int error = confirms ? confirm(&state, slot) : test(&state, slot);
    if (error) {
        return error;
    }
    if (!boot_state_keep(&state)) {
        return ERASE_FAILED;
    }
    return read_state(in, out, pairs);
}

/* --- upload ----------------------------------------------------------------------------------- */

static bool newer(const struct image_version *a, const struct image_version *b)
{
    uint32_t x = (uint32_t)a->major << 24 | (uint32_t)a->minor << 16 | a->revision;
    uint32_t y = (uint32_t)b->major << 24 | (uint32_t)b->minor << 16 | b->revision;
    return x > y;
}

/* A slot that is going to be overwritten is not tried any more. */
static bool take_from_test(struct boot_state *state, uint8_t slot)
{
    if (state->test != slot) {
        return true;
    }
    state->test = NO_SLOT;
    state->tried = 0;
    return boot_state_keep(state);
}

static int begin(const struct cbor_map *in, const struct cbor_bytes *data)
{
    struct boot_state state;
    struct cbor_bytes sha = {0, 0};
    struct image image, now;
    enum flash_area slot;
    uint32_t number = 0, length;
    bool upgrade = false;
    if ((cbor_has(in, "image") && !cbor_uint(in, "image", &number)) || number > MOST_IMAGE ||
        !cbor_uint(in, "len", &length) || data->size < IMAGE_HEADER_READ) {
        return INVALID_LENGTH;
    }
    if (cbor_has(in, "sha") && (!cbor_bytes(in, "sha", &sha) || sha.size != SHA256_SIZE)) {
        return IMAGE_WRONG_HASH;
    }
    if (!image_slot(data->at, &slot)) {
        return image_header(data->at, FLASH_SLOT_A, &image);
    }
    int fault = image_header(data->at, slot, &image);
    if (fault) {
        return fault;
    }
    if (length > image_room(slot)) {
        return IMAGE_TOO_LARGE;
    }
    boot_state_read(&state);
    if (running != RUNNING_ALONE && slot == running) {
        return IMAGE_WRONG_SLOT;
    }
    if (!is_free(&state, (uint8_t)slot)) {
        return NO_FREE_SLOT;
    }
    (void)cbor_bool(in, "upgrade", &upgrade);
    if (upgrade && running < SLOTS && image_look((enum flash_area)running, &now) == IMAGE_GOOD &&
        !newer(&image.version, &now.version)) {
        return NOT_NEWER;
    }
    if (upload_resume(slot, length, sha.size ? sha.at : 0)) {
        return SMP_OK;
    }
    if (!take_from_test(&state, (uint8_t)slot)) {
        return ERASE_FAILED;
    }
    return upload_begin(slot, length, sha.size ? sha.at : 0);
}

static int upload(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct cbor_bytes data = {0, 0};
    uint32_t at;
    if (!cbor_uint(in, "off", &at) || !cbor_bytes(in, "data", &data)) {
        return SMP_GENERAL(SMP_RC_WRONG);
    }
    if (!update_may_erase()) {
        return BUSY;
    }
    update_goes_on();
    int error = at == 0 ? begin(in, &data) : SMP_OK;
    if (!error && at == upload_offset()) {
        error = upload_write(data.at, data.size);
    }
    if (error) {
        return error;
    }
    cbor_put_text(out, "off");
    cbor_put_uint(out, upload_offset());
    *pairs = 1;
    bool match;
    if (upload_finished(&match)) {
        put_flag(out, "match", match);
        *pairs = 2;
    }
    return SMP_OK;
}

static int erase(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct boot_state state;
    uint32_t slot = running == FLASH_SLOT_B ? FLASH_SLOT_A : FLASH_SLOT_B;
    (void)out, (void)pairs;
    if (cbor_has(in, "slot") && (!cbor_uint(in, "slot", &slot) || slot >= SLOTS)) {
        return INVALID_SLOT;
    }
    boot_state_read(&state);
    if (!is_free(&state, (uint8_t)slot)) {
        return NO_FREE_SLOT;
    }
    if (!update_may_erase()) {
        return BUSY;
    }
    update_goes_on();
    if (!take_from_test(&state, (uint8_t)slot) || !upload_forget((enum flash_area)slot)) {
        return ERASE_FAILED;
    }
    return SMP_OK;
}

static const struct smp_command commands[] = {
    {STATE, SMP_READ, read_state},
    {STATE, SMP_WRITE, write_state},
    {UPLOAD, SMP_WRITE, upload},
    {ERASE, SMP_WRITE, erase},
};

const struct smp_group image_group = {1, sizeof commands / sizeof commands[0], commands};

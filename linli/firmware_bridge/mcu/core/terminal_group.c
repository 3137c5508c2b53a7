#include "terminal_group.h"

#include "board.h"
#include "bytes.h"
#include "buzzer.h"
#include "core.h"
#include "doors.h"
#include "events.h"
#include "heartbeat.h"
#include "lights.h"
#include "sensors.h"
#include "settings.h"

#define VERSION 1
#define MOST_EVENTS 16

enum command {
    INFO = 0,
    DOORS = 1,
    OPEN = 2,
    OUTCOME = 3,
    LIGHT = 4,
    BUZZER = 5,
    SENSORS = 6,
    HEARTBEAT = 7,
    LOG = 8,
    SETTINGS = 9
};

static void put_number(struct cbor_writer *out, const char *key, uint32_t value)
{
    cbor_put_text(out, key);
    cbor_put_uint(out, value);
}

static void put_bool(struct cbor_writer *out, const char *key, bool value)
{
    cbor_put_text(out, key);
    cbor_put_bool(out, value);
}

/* --- what it is ------------------------------------------------------------------------------- */

static void put_parts(struct cbor_writer *out)
{
    static const char *const names[] = {"lights",      "buzzer",  "pir",  "tamper",
                                        "temperature", "ambient", "power"};
    uint8_t *array = cbor_begin(out);
    uint8_t count = 0;
    for (uint8_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        if (board_parts() >> n & 1) {
            cbor_put_text(out, names[n]);
            count++;
        }
    }
    cbor_end_array(out, array, count);
}

static int info(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    (void)in;
    put_number(out, "v", VERSION);
    cbor_put_text(out, "fw");
    cbor_put_text(out, FIRMWARE_VERSION);
    cbor_put_text(out, "hw");
    cbor_put_text(out, board_name);
    put_number(out, "boot", events_boot());
    put_number(out, "doors", doors_count());
    put_number(out, "nonces", openings_kept());
    put_number(out, "buf", SMP_LONGEST_PACKET);
    cbor_put_text(out, "parts");
    put_parts(out);
    *pairs = 8;
    return SMP_OK;
}

/* --- doors ------------------------------------------------------------------------------------ */

static int doors(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    (void)in;
    cbor_put_text(out, "doors");
    cbor_put_array(out, doors_count());
    for (uint8_t door = 1; door <= doors_count(); door++) {
        cbor_put_uint(out, door_state(door));
    }
    *pairs = 1;
    return SMP_OK;
}

static bool take_nonce(const struct cbor_map *in, struct cbor_bytes *nonce)
{
    return cbor_bytes(in, "nonce", nonce) && nonce->size == NONCE_SIZE;
}

static void put_opening(struct cbor_writer *out, const struct opening *opening, bool again)
{
    put_number(out, "door", opening->door);
    put_number(out, "outcome", opening->outcome);
    put_bool(out, "again", again);
}

static int open_door(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    uint32_t door;
    struct cbor_bytes nonce;
    struct opening opening;
    bool again;
    if (!cbor_uint(in, "door", &door) || !take_nonce(in, &nonce)) {
        return WRONG_REQUEST;
    }
    int refusal = door_open(door, nonce.at, &opening, &again);
    if (refusal) {
        return refusal;
    }
    put_opening(out, &opening, again);
    *pairs = 3;
    return SMP_OK;
}

static int outcome(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct cbor_bytes nonce;
    struct opening opening;
    if (!take_nonce(in, &nonce)) {
        return WRONG_REQUEST;
    }
    if (!openings_find(nonce.at, &opening)) {
        return NONCE_UNKNOWN;
    }
    put_opening(out, &opening, true);
    *pairs = 3;
    return SMP_OK;
}

/* --- lights and sounds ------------------------------------------------------------------------ */

static int light(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    uint32_t pattern, door;
    (void)out, (void)pairs;
    if (!cbor_uint(in, "p", &pattern) || pattern > PATTERN_GUIDE || !cbor_uint(in, "door", &door)) {
        return WRONG_REQUEST;
    }
    if (pattern == PATTERN_GUIDE && (door < 1 || door > doors_count())) {
        return NO_SUCH_DOOR;
    }
    lights_show((enum pattern)pattern, (uint8_t)door);
    return SMP_OK;
}

static int buzz(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    uint32_t pattern;
    (void)out, (void)pairs;
    if (!cbor_uint(in, "p", &pattern) || pattern > PATTERN_GUIDE) {
        return WRONG_REQUEST;
    }
    buzzer_play((enum pattern)pattern);
    return SMP_OK;
}

/* --- sensors and host ------------------------------------------------------------------------- */

static int sensors(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    uint8_t parts = board_parts();
    (void)in;
    if (parts & PART_PIR) {
        put_bool(out, "pir", sensors_presence());
        ++*pairs;
    }
    if (parts & PART_TAMPER) {
        put_bool(out, "tamper", sensors_tamper());
        ++*pairs;
    }
    if (parts & PART_TEMPERATURE) {
        cbor_put_text(out, "temp");
        cbor_put_int(out, board_temperature());
        ++*pairs;
    }
    if (parts & PART_AMBIENT) {
        put_number(out, "lux", board_ambient());
        ++*pairs;
    }
    return SMP_OK;
}

static int host_lives(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    uint32_t seconds;
    (void)out, (void)pairs;
    if (!cbor_uint(in, "s", &seconds) || seconds > LONGEST_HEARTBEAT_S) {
        return WRONG_REQUEST;
    }
    heartbeat(seconds);
    return SMP_OK;
}

/* --- the log ---------------------------------------------------------------------------------- */

static void put_event(struct cbor_writer *out, const struct event *event)
{
    cbor_put_array(out, 5);
    cbor_put_uint(out, event->cursor.boot);
    cbor_put_uint(out, event->cursor.sequence);
    cbor_put_uint(out, event->ms);
    cbor_put_uint(out, event->kind);
    cbor_put_uint(out, event->subject);
}

static int read_log(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct cursor after;
    struct event events[MOST_EVENTS];
    uint32_t most;
    bool lost, more;
    if (!cbor_uint(in, "boot", &after.boot) || !cbor_uint(in, "seq", &after.sequence) ||
        !cbor_uint(in, "max", &most)) {
        return WRONG_REQUEST;
    }
    most = most < 1 ? 1 : most > MOST_EVENTS ? MOST_EVENTS : most;
    uint32_t count = events_read(after, events, most, &lost, &more);
    cbor_put_text(out, "events");
    cbor_put_array(out, (uint8_t)count);
    for (uint32_t n = 0; n < count; n++) {
        put_event(out, &events[n]);
    }
    put_bool(out, "lost", lost);
    put_bool(out, "more", more);
    *pairs = 3;
    return SMP_OK;
}

/* --- settings --------------------------------------------------------------------------------- */

static int put_settings(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    const struct settings *now = settings();
    (void)in;
    put_number(out, "pulse", now->pulse_ms);
    put_number(out, "within", now->opens_within_ms);
    put_number(out, "left", now->left_open_ms);
    put_number(out, "doors", now->doors);
    put_bool(out, "opens", now->contact_open_is != 0);
    *pairs = 5;
    return SMP_OK;
}

/* A number that is missing stays as it is. False where it is there and does not fit. */
static bool take(const struct cbor_map *in, const char *key, uint32_t most, uint32_t *value)
{
    return !cbor_has(in, key) || (cbor_uint(in, key, value) && *value <= most);
}

static int change_settings(const struct cbor_map *in, struct cbor_writer *out, uint8_t *pairs)
{
    struct settings wanted = *settings();
    uint32_t pulse = wanted.pulse_ms, within = wanted.opens_within_ms, doors = wanted.doors;
    bool opens = wanted.contact_open_is != 0;
    if (!take(in, "pulse", LONGEST_PULSE_MS, &pulse) || !take(in, "within", UINT16_MAX, &within) ||
        !take(in, "left", UINT32_MAX, &wanted.left_open_ms) || !take(in, "doors", UINT8_MAX, &doors) ||
        (cbor_has(in, "opens") && !cbor_bool(in, "opens", &opens))) {
        return WRONG_REQUEST;
    }
    wanted.pulse_ms = (uint16_t)pulse;
    wanted.opens_within_ms = (uint16_t)within;
    wanted.doors = (uint8_t)doors;
    wanted.contact_open_is = opens;
    if (!settings_sound(&wanted)) {
        return WRONG_REQUEST;
    }
    if (doors_busy()) {
        return COIL_BUSY;
    }
    if (!settings_keep(&wanted)) {
        return NOT_KEPT;
    }
    doors_look_anew();
    return put_settings(in, out, pairs);
}

static const struct smp_command commands[] = {
    {INFO, SMP_READ, info},
    {DOORS, SMP_READ, doors},
    {OPEN, SMP_WRITE, open_door},
    {OUTCOME, SMP_READ, outcome},
    {LIGHT, SMP_WRITE, light},
    {BUZZER, SMP_WRITE, buzz},
    {SENSORS, SMP_READ, sensors},
    {HEARTBEAT, SMP_WRITE, host_lives},
    {LOG, SMP_READ, read_log},
    {SETTINGS, SMP_READ, put_settings},
    {SETTINGS, SMP_WRITE, change_settings},
};

const struct smp_group terminal_group = {65, sizeof commands / sizeof commands[0], commands};

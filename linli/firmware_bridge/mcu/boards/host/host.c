/* The firmware as a program of the host: the same core, its flash and pins in a file.
 *
 *     board FILE            serial line on standard input and output, in real time
 *     board FILE --pty      serial line on a pseudo-terminal, whose name is printed
 *     board FILE --steps    time goes on only when told, for tests:
 *         request: 'b' count:16 bytes…   bytes on the line      (little endian)
 *                  't' ms:16             so many milliseconds pass
 *                  'p' reason:16         the power comes (board_reset_reason), or goes (NO_POWER)
 *         answer:  state:8 count:16 bytes…   0 runs, 1 has lost its power; what it said
 *
 * A reset starts the program anew; a cut of the power ends it, or in steps leaves it dead.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "board.h"
#include "boot_choice.h"
#include "core.h"
#include "flash_map.h"
#include "image_group.h"
#include "os_group.h"
#include "smp.h"
#include "virtual.h"

#define LINE_SIZE 4096 /* a power of two */

const char board_name[] = "host";
uint8_t *virtual_memory;

struct line {
    uint8_t bytes[LINE_SIZE];
    unsigned from, to;
};

static struct line coming, going;
static uint32_t ms;
static enum board_reset_reason reason;
static jmp_buf again;
static uint8_t running;

enum { STARTED = 0, WAS_RESET = 1, LOST_POWER = 2 };

#define NO_POWER 0xffffu

/* --- what a board gives ----------------------------------------------------------------------- */

uint32_t board_slot_address(enum flash_area slot)
{
    return 0x08005000u + (slot == FLASH_SLOT_A ? SLOT_A_AT : SLOT_B_AT);
}

uint8_t board_running_slot(void)
{
    return running;
}

uint32_t board_ms(void)
{
    return ms;
}

enum board_reset_reason board_reset_reason(void)
{
    return reason;
}

int board_uart_read(void)
{
    return coming.from == coming.to ? -1 : coming.bytes[coming.from++ % LINE_SIZE];
}

bool board_uart_write(uint8_t byte)
{
    if (going.to - going.from == LINE_SIZE) {
        return false;
    }
    going.bytes[going.to++ % LINE_SIZE] = byte;
    return true;
}

bool board_uart_idle(void)
{
    return going.from == going.to;
}

void board_watchdog_start(void)
{
}

void board_watchdog_kick(void)
{
    virtual_pins()->beat++;
}

void board_reset(void)
{
    reason = RESET_TOLD_TO;
    longjmp(again, WAS_RESET);
}

void virtual_power_cut(void)
{
    longjmp(again, LOST_POWER);
}

/* --- the file --------------------------------------------------------------------------------- */

static void fail(const char *what)
{
    fprintf(stderr, "board: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void map(const char *path)
{
    struct stat status;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || fstat(file, &status) < 0) {
        fail(path);
    }
    bool fresh = status.st_size < (off_t)MEMORY_SIZE;
    if (fresh && ftruncate(file, MEMORY_SIZE) < 0) {
        fail(path);
    }
    virtual_memory = mmap(NULL, MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (virtual_memory == MAP_FAILED) {
        fail(path);
    }
    close(file);
    if (fresh) {
        memset(virtual_memory, 0xff, PINS_AT);
    }
}

static void power_up(void)
{
    coming = going = (struct line){.from = 0};
    ms = 0;
    virtual_start();
    running = RUNNING_ALONE;
    if (virtual_pins()->boots) {
        uint8_t slot = boot_prepare();
        running = slot == NO_SLOT ? RUNNING_BOOTLOADER : slot;
    }
    if (running == RUNNING_BOOTLOADER) {
        os_group_start();
        image_group_start(running);
        smp_start();
    } else {
        core_start();
    }
}

/* One turn of the firmware, or of the bootloader that found nothing to start. */
static void turn(void)
{
    if (running == RUNNING_BOOTLOADER) {
        smp_run();
        os_group_run();
    } else {
        core_run();
    }
}

static void pass_millisecond(void)
{
    ms++;
    core_millisecond();
    if (!virtual_pins()->hang) {
        turn();
    }
}

/* --- in real time ----------------------------------------------------------------------------- */

static int line_in = STDIN_FILENO, line_out = STDOUT_FILENO;

static void open_pty(void)
{
    int end = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios raw;
    if (end < 0 || grantpt(end) < 0 || unlockpt(end) < 0) {
        fail("pseudo-terminal");
    }
    /* Held open, so that the port survives being closed by its user. */
    int other = open(ptsname(end), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (other < 0 || tcgetattr(other, &raw) < 0) {
        fail("pseudo-terminal");
    }
    cfmakeraw(&raw);
    tcsetattr(other, TCSANOW, &raw);
    puts(ptsname(end));
    fflush(stdout);
    line_in = line_out = end;
}

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void hear(void)
{
    struct pollfd wait = {.fd = line_in, .events = POLLIN};
    uint8_t bytes[256];
    if (poll(&wait, 1, 1) <= 0) {
        return;
    }
    ssize_t count = read(line_in, bytes, sizeof bytes);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        exit(0); /* whoever held the other end has gone */
    }
    for (ssize_t n = 0; n < count && coming.to - coming.from < LINE_SIZE; n++) {
        coming.bytes[coming.to++ % LINE_SIZE] = bytes[n];
    }
    turn();
}

static void say(void)
{
    while (going.from != going.to) {
        unsigned at = going.from % LINE_SIZE, whole = going.to - going.from;
        unsigned piece = at + whole > LINE_SIZE ? LINE_SIZE - at : whole;
        ssize_t count = write(line_out, going.bytes + at, piece);
        if (count <= 0) {
            going.from = going.to; /* a UART does not wait for who reads it */
            return;
        }
        going.from += (unsigned)count;
    }
}

static void run(void)
{
    uint64_t began = now();
    fcntl(line_out, F_SETFL, fcntl(line_out, F_GETFL) | O_NONBLOCK);
    for (;;) {
        hear();
        while (ms < now() - began) {
            pass_millisecond();
        }
        say();
    }
}

/* --- in steps --------------------------------------------------------------------------------- */

static bool steps, dead;

static void take(void *to, size_t size)
{
    if (fread(to, 1, size, stdin) != size) {
        exit(0);
    }
}

static void answer(void)
{
    uint16_t count = (uint16_t)(going.to - going.from);
    putchar(dead);
    putchar(count & 0xff);
    putchar(count >> 8);
    while (going.from != going.to) {
        putchar(going.bytes[going.from++ % LINE_SIZE]);
    }
    fflush(stdout);
}

static void take_bytes(unsigned count)
{
    uint8_t byte;
    while (count--) {
        take(&byte, 1);
        if (!dead && coming.to - coming.from < LINE_SIZE) {
            coming.bytes[coming.to++ % LINE_SIZE] = byte;
        }
    }
    for (int n = 0; !dead && (n == 0 || (coming.from != coming.to && n < 64)); n++) {
        turn();
    }
}

static void step(void)
{
    uint8_t what, number[2];
    take(&what, 1);
    take(number, 2);
    unsigned count = number[0] | (unsigned)number[1] << 8;
    if (what == 'b') {
        take_bytes(count);
    } else if (what == 't') {
        for (; count && !dead; count--) {
            pass_millisecond();
        }
    } else {
        reason = (enum board_reset_reason)count;
        longjmp(again, count == NO_POWER ? LOST_POWER : WAS_RESET);
    }
}

int main(int count, char **words)
{
    steps = count == 3 && strcmp(words[2], "--steps") == 0;
    bool pty = count == 3 && strcmp(words[2], "--pty") == 0;
    if (count < 2 || count > 3 || (count == 3 && !steps && !pty)) {
        fputs("usage: board FILE [--pty | --steps]\n", stderr);
        return 2;
    }
    map(words[1]);
    reason = (enum board_reset_reason)virtual_pins()->reason;
    if (pty) {
        open_pty();
    }
    dead = setjmp(again) == LOST_POWER;
    if (dead && !steps) {
        return 3;
    }
    if (dead) {
        going.from = going.to;
    } else {
        power_up();
    }
    if (!steps) {
        run();
    }
    for (;;) {
        answer();
        step();
    }
}

#include "sha2.h"

#include "bytes.h"

#define BLOCK256 64u
#define BLOCK512 128u

/* Fractions of the cube roots of the first 80 primes; SHA-256 takes the upper halves of the first 64. */
static const uint64_t roots[80] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
    0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
    0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
    0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
    0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
    0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
    0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
    0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
    0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
    0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
    0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
    0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
    0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
    0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
    0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
    0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
    0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817};

/* Fractions of the square roots of the first eight primes; SHA-256 takes the upper halves. */
static const uint64_t starts[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/* --- SHA-256 ---------------------------------------------------------------------------------- */

static uint32_t turn32(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static uint32_t word32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void block256(uint32_t *state, const uint8_t *block)
{
    uint32_t w[16], v[8];
    memcpy(v, state, sizeof v);
    for (unsigned n = 0; n < 64; n++) {
        uint32_t *now = &w[n % 16];
        if (n < 16) {
            *now = word32(block + 4 * n);
        } else {
            uint32_t a = w[(n + 1) % 16], b = w[(n + 14) % 16];
            *now += (turn32(a, 7) ^ turn32(a, 18) ^ a >> 3) + w[(n + 9) % 16] +
                    (turn32(b, 17) ^ turn32(b, 19) ^ b >> 10);
        }
        uint32_t one = v[7] + (turn32(v[4], 6) ^ turn32(v[4], 11) ^ turn32(v[4], 25)) +
                       ((v[4] & v[5]) ^ (~v[4] & v[6])) + (uint32_t)(roots[n] >> 32) + *now;
        uint32_t two = (turn32(v[0], 2) ^ turn32(v[0], 13) ^ turn32(v[0], 22)) +
                       ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += one;
        v[0] = one + two;
    }
    for (unsigned n = 0; n < 8; n++) {
        state[n] += v[n];
    }
}

void sha256_start(struct sha256 *sha)
{
    for (unsigned n = 0; n < 8; n++) {
        sha->state[n] = (uint32_t)(starts[n] >> 32);
    }
    sha->size = 0;
}

void sha256_add(struct sha256 *sha, const void *from, uint32_t size)
{
    const uint8_t *at = from;
    while (size--) {
        sha->block[sha->size++ % BLOCK256] = *at++;
        if (sha->size % BLOCK256 == 0) {
            block256(sha->state, sha->block);
        }
    }
}

void sha256_end(struct sha256 *sha, uint8_t *hash)
{
    uint32_t size = sha->size;
    uint8_t bits[8] = {0, 0, 0, (uint8_t)(size >> 29), (uint8_t)(size >> 21), (uint8_t)(size >> 13),
                       (uint8_t)(size >> 5), (uint8_t)(size << 3)};
    sha256_add(sha, "\x80", 1);
    while (sha->size % BLOCK256 != BLOCK256 - sizeof bits) {
        sha256_add(sha, "", 1);
    }
    sha256_add(sha, bits, sizeof bits);
    for (unsigned n = 0; n < SHA256_SIZE; n++) {
        hash[n] = (uint8_t)(sha->state[n / 4] >> (24 - n % 4 * 8));
    }
}

/* --- SHA-512 ---------------------------------------------------------------------------------- */

static uint64_t turn64(uint64_t x, unsigned by)
{
    return x >> by | x << (64 - by);
}

static uint64_t word64(const uint8_t *at)
{
    return (uint64_t)word32(at) << 32 | word32(at + 4);
}

static void block512(uint64_t *state, const uint8_t *block)
{
    uint64_t w[16], v[8];
    memcpy(v, state, sizeof v);
    for (unsigned n = 0; n < 80; n++) {
        uint64_t *now = &w[n % 16];
        if (n < 16) {
            *now = word64(block + 8 * n);
        } else {
            uint64_t a = w[(n + 1) % 16], b = w[(n + 14) % 16];
            *now += (turn64(a, 1) ^ turn64(a, 8) ^ a >> 7) + w[(n + 9) % 16] +
                    (turn64(b, 19) ^ turn64(b, 61) ^ b >> 6);
        }
        uint64_t one = v[7] + (turn64(v[4], 14) ^ turn64(v[4], 18) ^ turn64(v[4], 41)) +
                       ((v[4] & v[5]) ^ (~v[4] & v[6])) + roots[n] + *now;
        uint64_t two = (turn64(v[0], 28) ^ turn64(v[0], 34) ^ turn64(v[0], 39)) +
                       ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += one;
        v[0] = one + two;
    }
    for (unsigned n = 0; n < 8; n++) {
        state[n] += v[n];
    }
}

void sha512_short(const uint8_t *from, uint32_t size, uint8_t *hash)
{
    uint64_t state[8];
    uint8_t block[BLOCK512];
    memcpy(state, starts, sizeof state);
    memset(block, 0, sizeof block);
    memcpy(block, from, size);
    block[size] = 0x80;
    block[BLOCK512 - 2] = (uint8_t)(size >> 5);
    block[BLOCK512 - 1] = (uint8_t)(size << 3);
    block512(state, block);
    for (unsigned n = 0; n < SHA512_SIZE; n++) {
        hash[n] = (uint8_t)(state[n / 8] >> (56 - n % 8 * 8));
    }
}

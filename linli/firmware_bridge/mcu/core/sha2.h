/* SHA-256 and SHA-512 (FIPS 180-4). */
#ifndef LINLI_SHA2_H
#define LINLI_SHA2_H

#include <stdint.h>

#define SHA256_SIZE 32u
#define SHA512_SIZE 64u

struct sha256 {
    uint32_t state[8];
    uint32_t size; /* bytes so far */
    uint8_t block[64];
};

void sha256_start(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *from, uint32_t size);
void sha256_end(struct sha256 *sha, uint8_t *hash);

/* Of less than 112 bytes, which is all that a signature here needs. */
void sha512_short(const uint8_t *from, uint32_t size, uint8_t *hash);

#endif

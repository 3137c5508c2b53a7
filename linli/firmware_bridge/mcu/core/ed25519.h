/* Ed25519 (RFC 8032) over 32 bytes; the arithmetic is Monocypher's. */
#ifndef LINLI_ED25519_H
#define LINLI_ED25519_H

#include <stdbool.h>
#include <stdint.h>

#define ED25519_KEY 32u
#define ED25519_SIGNATURE 64u
#define ED25519_MESSAGE 32u

bool ed25519_signed(const uint8_t *signature, const uint8_t *key, const uint8_t *message);

#endif

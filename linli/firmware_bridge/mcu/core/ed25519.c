#include "ed25519.h"

#include "bytes.h"
#include "sha2.h"
/* In one piece with this, from a folder of other people's sources: its warnings are not ours to mend. */
#include <monocypher.c>

bool ed25519_signed(const uint8_t *signature, const uint8_t *key, const uint8_t *message)
{
    uint8_t all[ED25519_KEY + ED25519_KEY + ED25519_MESSAGE];
    uint8_t hash[SHA512_SIZE], reduced[32];
    memcpy(all, signature, 32);
    memcpy(all + 32, key, ED25519_KEY);
    memcpy(all + 64, message, ED25519_MESSAGE);
    sha512_short(all, sizeof all, hash);
    crypto_eddsa_reduce(reduced, hash);
    return crypto_eddsa_check_equation(signature, key, reduced) == 0;
}

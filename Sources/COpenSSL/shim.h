#ifndef SDWAN_COPENSSL_SHIM_H
#define SDWAN_COPENSSL_SHIM_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <stddef.h>

// SHA-256 without a provider: OpenSSL 3's own way to it (EVP) makes the whole library ready and reads its configuration first,
// which takes longer than all digests of a small fleet together. OpenSSL calls these functions deprecated, and has them.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static inline void sdwan_sha256(const void *bytes, size_t count, unsigned char *digest) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes, count);
  SHA256_Final(digest, &context);
}
#pragma GCC diagnostic pop

#endif

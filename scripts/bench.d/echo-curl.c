// An echo function over libcurl alone: what a runtime over libcurl can't do better than.
//
// The libcurl that it is linked with leaves OpenSSL alone until TLS is wanted (scripts/lib/static-libcurl). A C program over a
// stock libcurl pays for that in curl_global_init, so this one does as upstream does there (Curl_ossl_init in
// lib/vtls/openssl.c); with LAZY_TLS it does not.
#include "http.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char body[8 << 20], request_id[64];
static size_t body_size;

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
  (void)context;
  memcpy(body + body_size, bytes, size * count);
  body_size += size * count;
  return size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
  static const char name[] = "Lambda-Runtime-Aws-Request-Id: ";
  (void)context;
  if (size * count > sizeof name + 36 && strncasecmp(bytes, name, sizeof name - 1) == 0)
    memcpy(request_id, bytes + sizeof name - 1, 36);
  return size * count;
}

static size_t drop(char *bytes, size_t size, size_t count, void *context) {
  (void)bytes, (void)context;
  return size * count;
}

int main(void) {
  char url[256];
  const char *host = getenv("AWS_LAMBDA_RUNTIME_API");
#ifndef LAZY_TLS
  OPENSSL_init_ssl(OPENSSL_INIT_ENGINE_ALL_BUILTIN | OPENSSL_INIT_LOAD_CONFIG, NULL);
#endif
  if (!host || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) fail("start");
  CURL *curl = curl_easy_init();
  struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Expect:");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  for (;;) {
    body_size = 0;
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/next", host);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/%s/response", host, request_id);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_size);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, drop);
    if (curl_easy_perform(curl) != CURLE_OK) return 1;
  }
}

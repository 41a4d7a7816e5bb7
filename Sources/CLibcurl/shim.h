// Swift cannot call variadic C functions; these are the same calls with fixed types.
#ifndef SDWAN_CLIBCURL_SHIM_H
#define SDWAN_CLIBCURL_SHIM_H

#include <curl/curl.h>

static inline CURLcode sdwan_setopt_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sdwan_setopt_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode sdwan_setopt_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*sdwan_transfer_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode sdwan_setopt_callback(CURL *handle, CURLoption option,
                                             sdwan_transfer_callback callback) {
  return curl_easy_setopt(handle, option, callback);
}

typedef int (*sdwan_seek_callback)(void *context, curl_off_t offset, int origin);

static inline CURLcode sdwan_setopt_seek(CURL *handle, sdwan_seek_callback callback) {
  return curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callback);
}

static inline CURLcode sdwan_getinfo_offset(CURL *handle, CURLINFO info, curl_off_t *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode sdwan_getinfo_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}


static inline CURLMcode sdwan_multi_setopt_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

// The message's union and its enum-typed tag, unpacked.
static inline int sdwan_message_is_done(const CURLMsg *message) {
  return message->msg == CURLMSG_DONE;
}

static inline CURLcode sdwan_message_result(const CURLMsg *message) {
  return message->data.result;
}

#endif

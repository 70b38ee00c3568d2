// libcurl for Swift: its option and information calls are variadic, so there is one inline function per argument type.
// OpenSSL is here for the certificate callback only. No logic.
#pragma once
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

typedef size_t (*countersign_curl_bytes)(char *bytes, size_t size, size_t count, void *context);
typedef CURLcode (*countersign_curl_tls)(CURL *handle, void *tls, void *context);

enum { countersign_curl_global = CURL_GLOBAL_DEFAULT };

static inline CURLcode countersign_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_bytes(CURL *handle, CURLoption option, countersign_curl_bytes value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_tls(CURL *handle, CURLoption option, countersign_curl_tls value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_set_progress(CURL *handle, CURLoption option, curl_xferinfo_callback value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode countersign_curl_get_long(CURL *handle, CURLINFO information, long *value) {
  return curl_easy_getinfo(handle, information, value);
}

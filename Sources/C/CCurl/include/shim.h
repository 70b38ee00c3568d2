// libcurl for Swift. The library is looked up when the first request is made and not when the program starts: it brings
// some thirty others with it, which take longer to bind than most commands take to answer. Its variadic calls get one
// function for each argument type. OpenSSL is here for the certificate callback only. No logic.
#pragma once
#include <curl/curl.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

typedef size_t (*countersign_curl_bytes)(char *bytes, size_t size, size_t count, void *context);
typedef CURLcode (*countersign_curl_tls)(CURL *handle, void *tls, void *context);

// Whether libcurl is there and ready; the first call loads it. Nothing below may be called before it has answered 1.
int countersign_curl_load(void);

CURL *countersign_curl_make(void);
void countersign_curl_free(CURL *handle);
CURLcode countersign_curl_perform(CURL *handle);
const char *countersign_curl_words(CURLcode code);
struct curl_slist *countersign_curl_append(struct curl_slist *list, const char *line);
void countersign_curl_free_list(struct curl_slist *list);

CURLcode countersign_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode countersign_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode countersign_curl_set_text(CURL *handle, CURLoption option, const char *value);
CURLcode countersign_curl_set_pointer(CURL *handle, CURLoption option, void *value);
CURLcode countersign_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode countersign_curl_set_bytes(CURL *handle, CURLoption option, countersign_curl_bytes value);
CURLcode countersign_curl_set_tls(CURL *handle, CURLoption option, countersign_curl_tls value);
CURLcode countersign_curl_set_progress(CURL *handle, CURLoption option, curl_xferinfo_callback value);
CURLcode countersign_curl_get_long(CURL *handle, CURLINFO information, long *value);

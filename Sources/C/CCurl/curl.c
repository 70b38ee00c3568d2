// The table of what is used of libcurl, filled once, and a call through it for each entry.
#include "shim.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// By its interface's number, which has not changed since 2006.
static const char library_name[] = "libcurl.so.4";

static struct {
  CURLcode (*global_init)(long flags);
  CURL *(*make)(void);
  void (*free_handle)(CURL *handle);
  CURLcode (*perform)(CURL *handle);
  const char *(*words)(CURLcode code);
  struct curl_slist *(*append)(struct curl_slist *list, const char *line);
  void (*free_list)(struct curl_slist *list);
  CURLcode (*set)(CURL *handle, CURLoption option, ...);
  CURLcode (*get)(CURL *handle, CURLINFO information, ...);
} library;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_ready = 0;

static int find(void *handle, const char *name, void **entry) {
  *entry = dlsym(handle, name);
  return *entry != NULL;
}

static void load(void) {
  void *handle = dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return;
  int is_whole = find(handle, "curl_global_init", (void **)&library.global_init)
      && find(handle, "curl_easy_init", (void **)&library.make)
      && find(handle, "curl_easy_cleanup", (void **)&library.free_handle)
      && find(handle, "curl_easy_perform", (void **)&library.perform)
      && find(handle, "curl_easy_strerror", (void **)&library.words)
      && find(handle, "curl_slist_append", (void **)&library.append)
      && find(handle, "curl_slist_free_all", (void **)&library.free_list)
      && find(handle, "curl_easy_setopt", (void **)&library.set)
      && find(handle, "curl_easy_getinfo", (void **)&library.get);
  // It stays loaded until the process ends: what it has registered elsewhere points into it.
  is_ready = is_whole && library.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

int countersign_curl_load(void) {
  pthread_once(&once, load);
  return is_ready;
}

CURL *countersign_curl_make(void) { return library.make(); }

void countersign_curl_free(CURL *handle) { library.free_handle(handle); }

CURLcode countersign_curl_perform(CURL *handle) { return library.perform(handle); }

const char *countersign_curl_words(CURLcode code) { return library.words(code); }

struct curl_slist *countersign_curl_append(struct curl_slist *list, const char *line) { return library.append(list, line); }

void countersign_curl_free_list(struct curl_slist *list) { library.free_list(list); }

CURLcode countersign_curl_set_long(CURL *handle, CURLoption option, long value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_bytes(CURL *handle, CURLoption option, countersign_curl_bytes value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_tls(CURL *handle, CURLoption option, countersign_curl_tls value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_set_progress(CURL *handle, CURLoption option, curl_xferinfo_callback value) {
  return library.set(handle, option, value);
}

CURLcode countersign_curl_get_long(CURL *handle, CURLINFO information, long *value) {
  return library.get(handle, information, value);
}

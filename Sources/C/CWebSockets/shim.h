// libwebsockets, its libuv loop and the OpenSSL it links, for Swift: macros that are not imported become constants and
// one-line functions. No logic.
#pragma once
#include <libwebsockets.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <uv.h>

enum {
  countersign_lws_pre = LWS_PRE,
  countersign_lws_no_listen = CONTEXT_PORT_NO_LISTEN,
};

static inline void countersign_lws_kill_soon(struct lws *wsi) {
  lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
}

static inline void countersign_lws_end_within(struct lws *wsi, int seconds) {
  lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, seconds);
}

static inline void countersign_lws_no_timeout(struct lws *wsi) { lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); }

static inline EVP_PKEY *countersign_p256_key(void) { return EVP_EC_gen("P-256"); }

static inline long countersign_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

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
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
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

// Bytes that were given to the socket and that the peer has not acknowledged; 0 if the system does not say.
static inline int countersign_unacknowledged_bytes(int descriptor) {
  int count = 0;
  return ioctl(descriptor, SIOCOUTQ, &count) == 0 ? count : 0;
}

// From now on closing the socket resets the connection and lets go of what was not delivered.
static inline void countersign_reset_on_close(int descriptor) {
  struct linger atOnce = {1, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
}

static inline EVP_PKEY *countersign_p256_key(void) { return EVP_EC_gen("P-256"); }

static inline long countersign_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

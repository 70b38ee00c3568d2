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
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
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

// All bytes that the peer has acknowledged; 0 if the system does not say. They are `tcpi_bytes_acked` of the kernel's own
// `struct tcp_info`, whose 128 first bytes are the same since Linux 4.1. Its header cannot be had beside the C library's,
// which has a shorter structure of the same name.
static inline uint64_t countersign_acknowledged_bytes(int descriptor) {
  uint64_t information[16] = {0};
  socklen_t size = sizeof information;
  return getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, information, &size) == 0 ? information[15] : 0;
}

// From now on closing the socket resets the connection and lets go of what was not delivered.
static inline void countersign_reset_on_close(int descriptor) {
  struct linger atOnce = {1, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
}

static inline EVP_PKEY *countersign_p256_key(void) { return EVP_EC_gen("P-256"); }

static inline long countersign_bio_bytes(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }

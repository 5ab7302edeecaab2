#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

// What Swift cannot import: macros that call SSL_CTX_ctrl, and constants made of shifts.

// TLS 1.2 at least (RFC 8996), no renegotiation, no compression; an idle connection holds no
// buffers, and what waits to be encrypted may have moved in memory since the last attempt.
static inline int copenssl_set_defaults(SSL_CTX *context) {
    SSL_CTX_set_options(
        context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(
        context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

// Takes the certificate over.
static inline long copenssl_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return SSL_CTX_add0_chain_cert(context, certificate);
}

static inline void copenssl_retry_read(BIO *bio) {
    BIO_clear_retry_flags(bio);
    BIO_set_retry_read(bio);
}

static inline void copenssl_clear_retry(BIO *bio) {
    BIO_clear_retry_flags(bio);
}

static inline int copenssl_reason(unsigned long error) {
    return ERR_GET_REASON(error);
}

static inline int copenssl_is_from_pem(unsigned long error) {
    return ERR_GET_LIB(error) == ERR_LIB_PEM;
}

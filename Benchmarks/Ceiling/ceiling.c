/* The ceiling: what libuv and the kernel allow when the program between them does nothing.
 *
 * One loop, keep-alive HTTP/1.1. Of a request it looks for the end of the field section and for
 * Content-Length, without which it could not know where the next request begins. It answers every
 * request with the same bytes, whose size is that of a page of ten to-dos.
 *
 *     ceiling PORT [SECRET]
 *
 * With a secret it also does, by a C library, what no server with tokens of HS256 can leave out: it
 * verifies the signature of each request's token, and answers 401 at the same length where that is
 * wrong. No claim is looked at.
 *
 * It trusts its peers: a tool for measuring on loopback, not a server.
 */

#define _GNU_SOURCE

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

enum { RECEIVE_SIZE = 65536, BODY_SIZE = 700, ANSWER_SIZE = 1024, HEAD_SIZE_MAX = 16384 };
enum { CODE_SIZE = 32, ANSWERS_PER_WRITE = 16 };

typedef struct {
    uv_tcp_t stream;
    size_t body_remaining; /* of a request whose head has been counted */
    size_t held_size;      /* of a head that arrived in pieces */
    char *held;            /* NULL while there is none: an idle connection owns no buffer */
} connection;

static char receive_buffer[RECEIVE_SIZE]; /* shared: one loop reads one connection at a time */

typedef struct {
    char bytes[ANSWER_SIZE];
    size_t size;
} response;

static response accepted, refused;
static EVP_MAC_CTX *keyed; /* holds the secret's state; NULL where nothing is verified */

static void fail(const char *what, int status) {
    fprintf(stderr, "ceiling: cannot %s: %s\n", what, uv_strerror(status));
    exit(1);
}

static void prepare(response *answer, const char *status) {
    char body[BODY_SIZE + 1];
    size_t used =
        (size_t)snprintf(body, sizeof body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"");
    memset(body + used, 'x', BODY_SIZE - used);
    memcpy(body + BODY_SIZE - 2, "\"}", 2);
    answer->size = (size_t)snprintf(answer->bytes, sizeof answer->bytes,
                                    "HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
                                    "Content-Length: %d\r\n\r\n%.*s",
                                    status, BODY_SIZE, BODY_SIZE, body);
}

static void prepare_key(const char *secret) {
    OSSL_PARAM digest[] = {
        OSSL_PARAM_construct_utf8_string("digest", (char *)"SHA256", 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    keyed = mac ? EVP_MAC_CTX_new(mac) : NULL;
    const unsigned char *key = (const unsigned char *)secret;
    if (!keyed || !EVP_MAC_init(keyed, key, strlen(secret), digest)) {
        fprintf(stderr, "ceiling: cannot prepare HMAC\n");
        exit(1);
    }
}

static void on_close(uv_handle_t *handle) {
    connection *c = handle->data;
    free(c->held);
    free(c);
}

static void on_written(uv_write_t *request, int status) {
    (void)status;
    free(request);
}

/* What one read has to be answered with: pipelined requests share a write. */
typedef struct {
    char bytes[ANSWERS_PER_WRITE * ANSWER_SIZE];
    size_t size;
} answers;

static void send_answers(connection *c, answers *said) {
    if (said->size == 0) return;
    uv_buf_t buffer = uv_buf_init(said->bytes, (unsigned)said->size);
    int written = uv_try_write((uv_stream_t *)&c->stream, &buffer, 1);
    said->size = 0;
    if (written < 0 && written != UV_EAGAIN) return; /* the read callback will see the end */
    size_t sent = written < 0 ? 0 : (size_t)written;
    if (sent == buffer.len) return;
    uv_write_t *request = malloc(sizeof *request + buffer.len - sent);
    if (!request) abort();
    memcpy(request + 1, said->bytes + sent, buffer.len - sent);
    uv_buf_t rest = uv_buf_init((char *)(request + 1), (unsigned)(buffer.len - sent));
    if (uv_write(request, (uv_stream_t *)&c->stream, &rest, 1, on_written) != 0) free(request);
}

/* What follows a line's beginning, which is given with the CRLF before it; NULL without one. */
static const char *after(const char *head, size_t size, const char *beginning) {
    const size_t length = strlen(beginning);
    for (const char *at = head, *end = head + size; at + length < end; at++) {
        at = memchr(at, '\r', (size_t)(end - at));
        if (!at || at + length >= end) break;
        if (strncasecmp(at, beginning, length) == 0) return at + length;
    }
    return NULL;
}

/* The value of Content-Length in a field section; 0 without one. */
static size_t content_length(const char *head, size_t size) {
    const char *value = after(head, size, "\r\ncontent-length:");
    return value ? strtoull(value, NULL, 10) : 0;
}

static int digit(unsigned char letter) {
    if (letter >= 'A' && letter <= 'Z') return letter - 'A';
    if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
    if (letter >= '0' && letter <= '9') return letter - '0' + 52;
    return letter == '-' ? 62 : letter == '_' ? 63 : -1;
}

/* The 43 letters of a signature in base64url; false where they are something else. */
static int decode(const char *text, size_t size, unsigned char code[CODE_SIZE]) {
    if (size != 43) return 0;
    unsigned bits = 0, count = 0, filled = 0;
    for (size_t i = 0; i < size; i++) {
        int value = digit((unsigned char)text[i]);
        if (value < 0) return 0;
        bits = bits << 6 | (unsigned)value;
        count += 6;
        if (count < 8) continue;
        count -= 8;
        code[filled++] = (unsigned char)(bits >> count);
    }
    return filled == CODE_SIZE;
}

/* Whether the key has signed the token of a request. */
static int verify(const char *head, size_t size) {
    const char *token = after(head, size, "\r\nauthorization: bearer ");
    if (!token) return 0;
    const char *end = memchr(token, '\r', size - (size_t)(token - head));
    const char *dot = end ? memrchr(token, '.', (size_t)(end - token)) : NULL;
    unsigned char code[CODE_SIZE], right[CODE_SIZE];
    if (!dot || !decode(dot + 1, (size_t)(end - dot - 1), code)) return 0;
    size_t length = 0;
    return EVP_MAC_init(keyed, NULL, 0, NULL) &&
           EVP_MAC_update(keyed, (const unsigned char *)token, (size_t)(dot - token)) &&
           EVP_MAC_final(keyed, right, &length, sizeof right) && length == CODE_SIZE &&
           CRYPTO_memcmp(code, right, CODE_SIZE) == 0;
}

/* Answers one request with all else that the same read brought. */
static void respond(connection *c, const char *head, size_t size, answers *said) {
    const response *answer = !keyed || verify(head, size) ? &accepted : &refused;
    if (said->size + answer->size > sizeof said->bytes) send_answers(c, said);
    memcpy(said->bytes + said->size, answer->bytes, answer->size);
    said->size += answer->size;
}

/* Answers the requests whose heads end in these bytes: nobody here reads a body, whether or not it
 * has come. Returns how many bytes of a head are left over. */
static size_t consume(connection *c, const char *bytes, size_t size, answers *said) {
    size_t at = 0;
    for (;;) {
        size_t skipped = c->body_remaining < size - at ? c->body_remaining : size - at;
        at += skipped;
        c->body_remaining -= skipped;
        if (c->body_remaining > 0 || at == size) return 0;
        const char *end = memmem(bytes + at, size - at, "\r\n\r\n", 4);
        if (!end) return size - at;
        size_t head_size = (size_t)(end - (bytes + at)) + 4;
        c->body_remaining = content_length(bytes + at, head_size);
        respond(c, bytes + at, head_size, said);
        at += head_size;
    }
}

/* Keeps the beginning of a head until the rest arrives; false when it is too long. */
static int hold(connection *c, const char *bytes, size_t size) {
    if (size > HEAD_SIZE_MAX) return 0;
    if (size == 0) {
        free(c->held);
        c->held = NULL;
    } else {
        if (!c->held) c->held = malloc(HEAD_SIZE_MAX);
        if (!c->held) abort();
        memmove(c->held, bytes, size);
    }
    c->held_size = size;
    return 1;
}

static void on_read(uv_stream_t *stream, ssize_t result, const uv_buf_t *buffer) {
    connection *c = stream->data;
    (void)buffer;
    if (result < 0) {
        uv_close((uv_handle_t *)stream, on_close);
        return;
    }
    size_t size = (size_t)result;
    const char *bytes = receive_buffer;
    if (c->held) {
        if (c->held_size + size > HEAD_SIZE_MAX) {
            uv_close((uv_handle_t *)stream, on_close);
            return;
        }
        memcpy(c->held + c->held_size, receive_buffer, size);
        bytes = c->held;
        size += c->held_size;
    }
    answers said;
    said.size = 0;
    size_t left = consume(c, bytes, size, &said);
    if (!hold(c, bytes + size - left, left)) {
        uv_close((uv_handle_t *)stream, on_close);
        return;
    }
    send_answers(c, &said);
}

static void on_allocate(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
    (void)handle;
    (void)suggested;
    *buffer = uv_buf_init(receive_buffer, RECEIVE_SIZE);
}

static void on_connection(uv_stream_t *listener, int status) {
    if (status != 0) return;
    connection *c = malloc(sizeof *c);
    if (!c) abort();
    c->body_remaining = c->held_size = 0;
    c->held = NULL;
    uv_tcp_init(listener->loop, &c->stream);
    c->stream.data = c;
    if (uv_accept(listener, (uv_stream_t *)&c->stream) != 0) {
        uv_close((uv_handle_t *)&c->stream, on_close);
        return;
    }
    uv_tcp_nodelay(&c->stream, 1);
    uv_read_start((uv_stream_t *)&c->stream, on_allocate, on_read);
}

int main(int count, char **arguments) {
    if (count != 2 && count != 3) {
        fprintf(stderr, "usage: ceiling PORT [SECRET]\n");
        return 64;
    }
    prepare(&accepted, "200 OK");
    prepare(&refused, "401 Unauthorized");
    if (count == 3) prepare_key(arguments[2]);

    uv_loop_t *loop = uv_default_loop();
    uv_tcp_t listener;
    struct sockaddr_in address;
    int status = uv_ip4_addr("127.0.0.1", atoi(arguments[1]), &address);
    if (status == 0) status = uv_tcp_init(loop, &listener);
    if (status == 0) status = uv_tcp_bind(&listener, (const struct sockaddr *)&address, 0);
    if (status == 0) status = uv_listen((uv_stream_t *)&listener, 1024, on_connection);
    if (status != 0) fail("listen", status);

    int size = sizeof address;
    uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &size);
    printf("listening on http://127.0.0.1:%d/mcp\n", ntohs(address.sin_port));
    fflush(stdout);
    return uv_run(loop, UV_RUN_DEFAULT);
}

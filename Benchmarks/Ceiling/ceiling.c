/* The ceiling: what libuv and the kernel allow when the program between them does nothing.
 *
 * One loop, keep-alive HTTP/1.1. Of a request it looks for the end of the field section and for
 * Content-Length, without which it could not know where the next request begins. It answers every
 * request with the same bytes, whose size is that of a page of ten to-dos.
 *
 *     ceiling PORT
 *
 * It trusts its peers: a tool for measuring on loopback, not a server.
 */

#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

enum { RECEIVE_SIZE = 65536, BODY_SIZE = 700, ANSWER_SIZE = 1024, HEAD_SIZE_MAX = 16384 };

typedef struct {
    uv_tcp_t stream;
    size_t body_remaining; /* of a request whose head has been counted */
    size_t held_size;      /* of a head that arrived in pieces */
    char *held;            /* NULL while there is none: an idle connection owns no buffer */
} connection;

static char receive_buffer[RECEIVE_SIZE]; /* shared: one loop reads one connection at a time */
static char answer[ANSWER_SIZE];
static size_t answer_size;

static void fail(const char *what, int status) {
    fprintf(stderr, "ceiling: cannot %s: %s\n", what, uv_strerror(status));
    exit(1);
}

static void prepare_answer(void) {
    char body[BODY_SIZE + 1];
    size_t used =
        (size_t)snprintf(body, sizeof body, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"");
    memset(body + used, 'x', BODY_SIZE - used);
    memcpy(body + BODY_SIZE - 2, "\"}", 2);
    answer_size = (size_t)snprintf(answer, sizeof answer,
                                   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                   "Content-Length: %d\r\n\r\n%.*s",
                                   BODY_SIZE, BODY_SIZE, body);
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

/* Answers `count` requests with one write: pipelined requests share it. */
static void respond(connection *c, size_t count) {
    char many[16 * ANSWER_SIZE];
    while (count > 0) {
        size_t batch = count < 16 ? count : 16;
        for (size_t i = 0; i < batch; i++) memcpy(many + i * answer_size, answer, answer_size);
        uv_buf_t buffer = uv_buf_init(many, (unsigned)(batch * answer_size));
        int written = uv_try_write((uv_stream_t *)&c->stream, &buffer, 1);
        if (written < 0 && written != UV_EAGAIN) return; /* the read callback will see the end */
        size_t sent = written < 0 ? 0 : (size_t)written;
        if (sent < buffer.len) {
            uv_write_t *request = malloc(sizeof *request + buffer.len - sent);
            if (!request) abort();
            memcpy(request + 1, many + sent, buffer.len - sent);
            uv_buf_t rest = uv_buf_init((char *)(request + 1), (unsigned)(buffer.len - sent));
            if (uv_write(request, (uv_stream_t *)&c->stream, &rest, 1, on_written) != 0)
                free(request);
        }
        count -= batch;
    }
}

/* The value of Content-Length in a field section; 0 without one. */
static size_t content_length(const char *head, size_t size) {
    static const char name[] = "\r\ncontent-length:";
    const size_t name_size = sizeof name - 1;
    for (const char *at = head, *end = head + size; at + name_size < end; at++) {
        at = memchr(at, '\r', (size_t)(end - at));
        if (!at || at + name_size >= end) break;
        if (strncasecmp(at, name, name_size) == 0) return strtoull(at + name_size, NULL, 10);
    }
    return 0;
}

/* Counts the requests that end in these bytes; returns how many bytes of a head are left over. */
static size_t consume(connection *c, const char *bytes, size_t size, size_t *count) {
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
        at += head_size;
        (*count)++;
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
    size_t count = 0, size = (size_t)result;
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
    size_t left = consume(c, bytes, size, &count);
    if (!hold(c, bytes + size - left, left)) {
        uv_close((uv_handle_t *)stream, on_close);
        return;
    }
    /* A request whose body is still on its way is answered now: nobody here reads it. */
    if (count > 0) respond(c, count);
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
    if (count != 2) {
        fprintf(stderr, "usage: ceiling PORT\n");
        return 64;
    }
    prepare_answer();

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

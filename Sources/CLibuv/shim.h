#pragma once

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <uv.h>

/* prctl is variadic, which Swift cannot call. */
static inline int clibuv_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

/* glibc declares accept4 under _GNU_SOURCE only, which a module map cannot define for others. */
extern int accept4(int, struct sockaddr *, socklen_t *, int);

static inline int clibuv_accept(int descriptor) {
    return accept4(descriptor, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

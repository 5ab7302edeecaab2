#pragma once

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
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

/* A socket filter is written with macros. It sees a segment from its TCP header on: the flags are
   byte 13, and SYN is 0x02 (RFC 9293 §3.1). What begins no connection passes. */
static inline int clibuv_drop_handshakes(int descriptor) {
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xFFFFFFFF),
    };
    struct sock_fprog filter = {sizeof program / sizeof *program, program};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}

static inline int clibuv_accept_blocking(int descriptor) {
    return accept4(descriptor, 0, 0, SOCK_CLOEXEC);
}

/* struct ucred is declared under _GNU_SOURCE only. */
struct clibuv_credentials {
    int process;
    unsigned user;
    unsigned group;
};

static inline int clibuv_peer_credentials(
    int descriptor, struct clibuv_credentials *credentials) {
    socklen_t size = sizeof *credentials;
    return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, credentials, &size);
}

/* Control messages are built and taken apart with macros (cmsg(3)). */
#define CLIBUV_DESCRIPTORS_MAX 64

static inline ssize_t clibuv_send_descriptors(
    int socket, const void *text, size_t size, const int *descriptors, int count) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * CLIBUV_DESCRIPTORS_MAX)];
    } control = {0};
    struct iovec part = {(void *)text, size};
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (count > CLIBUV_DESCRIPTORS_MAX) count = CLIBUV_DESCRIPTORS_MAX;
    if (count > 0) {
        size_t length = sizeof(int) * (size_t)count;
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(length);
        __builtin_memcpy(CMSG_DATA(rights), descriptors, length);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

static inline ssize_t clibuv_receive_descriptors(
    int socket, void *text, size_t size, int *descriptors, int *count) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * CLIBUV_DESCRIPTORS_MAX)];
    } control = {0};
    struct iovec part = {text, size};
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    int room = *count;
    *count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received < 0) return received;
    for (struct cmsghdr *rights = CMSG_FIRSTHDR(&message); rights;
         rights = CMSG_NXTHDR(&message, rights)) {
        if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) continue;
        int found = (int)((rights->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        if (found > room - *count) found = room - *count;
        __builtin_memcpy(descriptors + *count, CMSG_DATA(rights), sizeof(int) * (size_t)found);
        *count += found;
    }
    return received;
}

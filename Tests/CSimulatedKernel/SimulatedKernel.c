#define _GNU_SOURCE
#include "SimulatedKernel.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>

// Threads call these before a sanitizer knows them, and after it has forgotten them.
#define UNINSTRUMENTED __attribute__((disable_sanitizer_instrumentation))

typedef int (*clock_function)(clockid_t, struct timespec *);
typedef long (*system_call_function)(long, ...);

static const int64_t nanoseconds_per_second = 1000000000;

static _Thread_local struct {
    bool is_on;
    uint64_t random;
    int64_t monotonic_ns;
    int64_t realtime_ns;
} kernel;

void simkernel_begin(uint64_t seed, int64_t monotonic_ns, int64_t realtime_ns) {
    kernel.random = seed;
    simkernel_set_clocks(monotonic_ns, realtime_ns);
    kernel.is_on = true;
}

void simkernel_set_clocks(int64_t monotonic_ns, int64_t realtime_ns) {
    kernel.monotonic_ns = monotonic_ns;
    kernel.realtime_ns = realtime_ns;
}

void simkernel_end(void) { kernel.is_on = false; }

UNINSTRUMENTED static bool is_wall_clock(clockid_t clock) {
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

UNINSTRUMENTED int clock_gettime(clockid_t clock, struct timespec *time) {
    static _Atomic(clock_function) real;
    // What a thread or the process has worked is no time of day.
    if (kernel.is_on && clock != CLOCK_PROCESS_CPUTIME_ID && clock != CLOCK_THREAD_CPUTIME_ID) {
        int64_t now = is_wall_clock(clock) ? kernel.realtime_ns : kernel.monotonic_ns;
        time->tv_sec = now / nanoseconds_per_second;
        time->tv_nsec = now % nanoseconds_per_second;
        return 0;
    }
    clock_function call = atomic_load_explicit(&real, memory_order_relaxed);
    if (!call) {
        call = (clock_function)dlsym(RTLD_NEXT, "clock_gettime");
        atomic_store_explicit(&real, call, memory_order_relaxed);
    }
    return call(clock, time);
}

// SplitMix64 (Steele, Lea, Flood 2014).
UNINSTRUMENTED static uint64_t next_random(void) {
    uint64_t mixed = kernel.random += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
}

UNINSTRUMENTED long syscall(long number, ...) {
    static _Atomic(system_call_function) real;
    // No system call has more arguments; those that are not there are not looked at.
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++) arguments[i] = va_arg(list, long);
    va_end(list);
    if (kernel.is_on && number == SYS_getrandom) {
        uint8_t *bytes = (uint8_t *)arguments[0];
        for (long i = 0; i < arguments[1]; i++) bytes[i] = (uint8_t)next_random();
        return arguments[1];
    }
    system_call_function call = atomic_load_explicit(&real, memory_order_relaxed);
    if (!call) {
        call = (system_call_function)dlsym(RTLD_NEXT, "syscall");
        atomic_store_explicit(&real, call, memory_order_relaxed);
    }
    return call(
        number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
        arguments[5]);
}

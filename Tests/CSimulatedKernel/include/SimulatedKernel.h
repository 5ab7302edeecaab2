#pragma once

#include <stdint.h>

// What the kernel tells a thread that simulates: the time, and random bytes.
//
// The executable of the tests defines `clock_gettime` and `syscall`, which the dynamic linker gives to
// every library of the process: libuv, the Swift runtime and, through that, swift-crypto ask here
// first. Every thread that does not simulate is passed on to the C library.

// From here on the calling thread sees these clocks stand still, and random bytes that follow from
// the seed.
void simkernel_begin(uint64_t seed, int64_t monotonic_ns, int64_t realtime_ns);

// Sets the clocks of the calling thread, which simulates.
void simkernel_set_clocks(int64_t monotonic_ns, int64_t realtime_ns);

// The calling thread sees the world as it is.
void simkernel_end(void);

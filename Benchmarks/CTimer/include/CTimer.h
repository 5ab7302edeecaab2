#pragma once

#include <stdint.h>

// A descriptor that can be read from a moment of CLOCK_MONOTONIC on; -1 with errno if there is none.
int ctimer_create(void);

// Lets the descriptor become readable at `nanoseconds` of CLOCK_MONOTONIC, 1 or more.
int ctimer_set(int descriptor, uint64_t nanoseconds);

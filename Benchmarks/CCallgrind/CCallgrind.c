#include "CCallgrind.h"

#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>

int ccallgrind_is_running(void) { return RUNNING_ON_VALGRIND != 0; }
void ccallgrind_zero(void) { CALLGRIND_ZERO_STATS; }
void ccallgrind_dump(const char *name) { CALLGRIND_DUMP_STATS_AT(name); }
#else
int ccallgrind_is_running(void) { return 0; }
void ccallgrind_zero(void) {}
void ccallgrind_dump(const char *name) { (void)name; }
#endif

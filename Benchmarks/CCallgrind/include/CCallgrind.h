#pragma once

// Whether this runs under callgrind, and was compiled where valgrind's header is.
int ccallgrind_is_running(void);

// Sets all counts to zero.
void ccallgrind_zero(void);

// Writes the counts to a file of their own under a name, and sets them to zero.
void ccallgrind_dump(const char *name);

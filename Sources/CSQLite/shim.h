#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

// `SQLITE_TRANSIENT` is a cast that Swift does not import: SQLite keeps a copy of the text.
static inline int csqlite_bind_text(
    sqlite3_stmt *statement, int index, const char *text, sqlite3_uint64 byte_count) {
    return sqlite3_bind_text64(
        statement, index, text, byte_count, SQLITE_TRANSIENT, SQLITE_UTF8);
}

// `sqlite3_db_config` is variadic. Afterwards no SQL can corrupt the file on purpose.
static inline int csqlite_enable_defensive(sqlite3 *database) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}

// `open` is variadic. Creates an empty file that only its owner may read or write; returns 0, or
// the error number (`EEXIST` if there is such a file, which is then not touched).
static inline int csqlite_create_private_file(const char *path) {
    int descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno;
    close(descriptor);
    return 0;
}

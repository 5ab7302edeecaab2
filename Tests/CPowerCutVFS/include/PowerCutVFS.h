#pragma once

#include <stdbool.h>
#include <stdint.h>

// A disk in memory whose power can be cut, as a virtual file system for SQLite
// (https://www.sqlite.org/vfs.html).
//
// What is written can be read back at once, but is only promised to survive a cut once its file
// has been synced. The same goes for the names of files: creating and deleting survive once their
// directory has been synced, which happens where SQLite's own file system for Unix does it: with
// the first sync of a journal or write-ahead log, and when a deletion asks for it. The disk has one
// directory.
//
// Any thread may call any function, except that a disk must be idle (its databases closed) to be
// restored or destroyed.
typedef struct powercut_disk powercut_disk;

// What a restored disk holds.
typedef enum {
    // Exactly what was synced.
    POWERCUT_KEEP_SYNCED,
    // What was synced, and of each later write any of its 512-byte sectors, of each later
    // truncation, creation and deletion either all or nothing.
    POWERCUT_KEEP_ANY,
} powercut_survival;

// Makes an empty disk and registers it with SQLite. NULL when there is no memory.
powercut_disk *powercut_disk_create(void);
void powercut_disk_destroy(powercut_disk *disk);

// The name under which SQLite knows the disk.
const char *powercut_disk_name(const powercut_disk *disk);

// Cuts the power instead of the operation after the next `operation_count` ones that change the
// disk. A write that is cut may survive in part. From then on every call fails.
void powercut_disk_cut_after(powercut_disk *disk, uint64_t operation_count);

// Whether the power has been cut.
bool powercut_disk_is_cut(const powercut_disk *disk);

// Turns the power on again, with nothing but what survived. `seed` decides what that is.
void powercut_disk_restore(powercut_disk *disk, powercut_survival survival, uint64_t seed);

// The bytes that all files together may have; beyond them writes fail as on a full disk.
void powercut_disk_set_capacity(powercut_disk *disk, uint64_t byte_count);

// Makes the disk one that can only be read, as the kernel does with a file system after a fault of its
// medium: files that are open stay so, but nothing is written, made or deleted.
void powercut_disk_set_read_only(powercut_disk *disk, bool is_read_only);

// The bytes that all files together have.
uint64_t powercut_disk_byte_count(const powercut_disk *disk);

// Operations that changed the disk, and how many of them were syncs of a file.
uint64_t powercut_disk_operation_count(const powercut_disk *disk);
uint64_t powercut_disk_sync_count(const powercut_disk *disk);

// Reads of a file.
uint64_t powercut_disk_read_count(const powercut_disk *disk);

// Makes the next syncs fail, as those of a medium with a passing fault do.
void powercut_disk_fail_syncs(powercut_disk *disk, uint64_t count);

// Makes every sync wait until `powercut_disk_release_syncs`.
void powercut_disk_hold_syncs(powercut_disk *disk);
void powercut_disk_release_syncs(powercut_disk *disk);

// Returns once a sync waits.
void powercut_disk_await_held_sync(powercut_disk *disk);

// Overwrites bytes of a file, as a failing medium would. False if there are no such bytes.
bool powercut_disk_damage(powercut_disk *disk, const char *path, uint64_t offset, uint64_t count);

// Runs SQL on a database of the disk, or on a file where `disk` is NULL, through a connection of
// its own that is closed again. Returns the first column of the first row as a number, 0 without
// rows, and -1 on failure.
int64_t powercut_query(const powercut_disk *disk, const char *path, const char *sql);

// SQLite's own check that the database does not contradict itself.
bool powercut_is_consistent(const powercut_disk *disk, const char *path);

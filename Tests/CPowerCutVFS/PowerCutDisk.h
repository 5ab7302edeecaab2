#pragma once

#include "PowerCutVFS.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stddef.h>

enum { SECTOR_SIZE = 512, NAME_SIZE = 128, ENTRY_COUNT_MAX = 16 };

typedef struct {
    unsigned char *bytes;
    uint64_t count;
} contents;

// A change of a file's contents that has not been synced. A truncation has no bytes.
typedef struct change {
    struct change *next;
    unsigned char *bytes;
    uint64_t offset;
    uint64_t count;
} change;

// A file, which lives for as long as its disk, whatever its name.
typedef struct node {
    struct node *next;
    contents live;
    contents durable;
    change *first_change;
    change **last_change;
} node;

typedef struct {
    char name[NAME_SIZE];
    node *node;
} entry;

typedef struct {
    entry entries[ENTRY_COUNT_MAX];
    size_t count;
} directory;

// The creation of a name, or its deletion if there is no node.
typedef struct name_change {
    struct name_change *next;
    entry entry;
} name_change;

struct powercut_disk {
    sqlite3_vfs vfs;
    char name[32];
    pthread_mutex_t mutex;
    pthread_cond_t condition;
    node *nodes;
    directory live;
    directory durable;
    name_change *first_name_change;
    name_change **last_name_change;
    bool is_read_only;
    uint64_t operations_until_cut;
    bool will_cut;
    bool is_cut;
    bool holds_syncs;
    unsigned held_sync_count;
    uint64_t syncs_to_fail;
    uint64_t capacity;
    uint64_t operation_count;
    uint64_t sync_count;
    uint64_t read_count;
};

// All of these expect the disk's mutex to be held.

// Counts an operation that changes the disk. False if the power goes, or has gone, instead.
bool disk_begin_operation(powercut_disk *disk);
node *disk_find(const powercut_disk *disk, const char *name);
// NULL when there is no memory or no room for another name.
node *disk_make(powercut_disk *disk, const char *name);
bool disk_remove(powercut_disk *disk, const char *name);
void disk_sync_directory(powercut_disk *disk);
uint64_t disk_byte_count(const powercut_disk *disk);
bool node_write(node *file, const void *bytes, uint64_t count, uint64_t offset);
// Makes a change part of what may survive, not of what can be read.
bool node_record(node *file, const void *bytes, uint64_t count, uint64_t offset);
bool node_truncate(node *file, uint64_t count);
bool node_sync(node *file);

extern const sqlite3_io_methods powercut_file_methods;
void powercut_fill_vfs(powercut_disk *disk);

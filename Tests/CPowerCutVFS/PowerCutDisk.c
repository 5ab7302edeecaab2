#include "PowerCutDisk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool contents_resize(contents *contents, uint64_t count) {
    if (count > contents->count) {
        unsigned char *bytes = realloc(contents->bytes, count);
        if (!bytes) return false;
        memset(bytes + contents->count, 0, count - contents->count);
        contents->bytes = bytes;
    }
    contents->count = count;
    return true;
}

static bool contents_write(
    contents *contents, const void *bytes, uint64_t count, uint64_t offset) {
    uint64_t end = offset + count;
    if (end > contents->count && !contents_resize(contents, end)) return false;
    memcpy(contents->bytes + offset, bytes, count);
    return true;
}

static bool contents_copy(contents *to, const contents *from) {
    to->count = 0;
    return contents_resize(to, from->count)
        && (from->count == 0 || memcpy(to->bytes, from->bytes, from->count));
}

static void directory_set(directory *directory, const entry *entry) {
    size_t index = 0;
    while (index < directory->count
           && strcmp(directory->entries[index].name, entry->name) != 0) index++;
    if (entry->node) {
        if (index == ENTRY_COUNT_MAX) abort();
        directory->entries[index] = *entry;
        if (index == directory->count) directory->count++;
    } else if (index < directory->count) {
        directory->entries[index] = directory->entries[--directory->count];
    }
}

bool disk_begin_operation(powercut_disk *disk) {
    if (disk->is_cut) return false;
    if (disk->will_cut && disk->operations_until_cut-- == 0) {
        disk->is_cut = true;
        return false;
    }
    disk->operation_count++;
    return true;
}

node *disk_find(const powercut_disk *disk, const char *name) {
    for (size_t index = 0; index < disk->live.count; index++) {
        const entry *entry = &disk->live.entries[index];
        if (strcmp(entry->name, name) == 0) return entry->node;
    }
    return NULL;
}

static void disk_change_name(powercut_disk *disk, const entry *entry) {
    name_change *record = calloc(1, sizeof *record);
    if (!record) abort();
    record->entry = *entry;
    *disk->last_name_change = record;
    disk->last_name_change = &record->next;
    directory_set(&disk->live, entry);
}

node *disk_make(powercut_disk *disk, const char *name) {
    if (strlen(name) >= NAME_SIZE || disk->live.count == ENTRY_COUNT_MAX) return NULL;
    node *file = calloc(1, sizeof *file);
    if (!file) return NULL;
    file->last_change = &file->first_change;
    file->next = disk->nodes;
    disk->nodes = file;
    entry entry = {.node = file};
    strcpy(entry.name, name);
    disk_change_name(disk, &entry);
    return file;
}

bool disk_remove(powercut_disk *disk, const char *name) {
    if (!disk_find(disk, name)) return false;
    entry entry = {.node = NULL};
    strcpy(entry.name, name);
    disk_change_name(disk, &entry);
    return true;
}

// Empties the list of unsynced names; `keep` says of each whether it becomes durable.
static void disk_settle_names(powercut_disk *disk, bool (*keep)(uint64_t *), uint64_t *state) {
    for (name_change *record = disk->first_name_change; record;) {
        name_change *next = record->next;
        if (keep(state)) directory_set(&disk->durable, &record->entry);
        free(record);
        record = next;
    }
    disk->first_name_change = NULL;
    disk->last_name_change = &disk->first_name_change;
}

static bool keep_all(uint64_t *state) {
    (void)state;
    return true;
}

static bool keep_none(uint64_t *state) {
    (void)state;
    return false;
}

// A coin, thrown with SplitMix64.
static bool keep_some(uint64_t *state) {
    uint64_t bits = *state += 0x9E3779B97F4A7C15;
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
    return (bits ^ bits >> 31) & 1;
}

void disk_sync_directory(powercut_disk *disk) {
    disk_settle_names(disk, keep_all, NULL);
}

uint64_t disk_byte_count(const powercut_disk *disk) {
    uint64_t count = 0;
    for (size_t index = 0; index < disk->live.count; index++)
        count += disk->live.entries[index].node->live.count;
    return count;
}

bool node_record(node *file, const void *bytes, uint64_t count, uint64_t offset) {
    change *record = calloc(1, sizeof *record);
    if (!record) return false;
    if (bytes) {
        record->bytes = malloc(count ? count : 1);
        if (!record->bytes) {
            free(record);
            return false;
        }
        memcpy(record->bytes, bytes, count);
    }
    record->offset = offset;
    record->count = count;
    *file->last_change = record;
    file->last_change = &record->next;
    return true;
}

bool node_write(node *file, const void *bytes, uint64_t count, uint64_t offset) {
    return node_record(file, bytes, count, offset)
        && contents_write(&file->live, bytes, count, offset);
}

bool node_truncate(node *file, uint64_t count) {
    return node_record(file, NULL, 0, count) && contents_resize(&file->live, count);
}

static void node_forget_changes(node *file) {
    for (change *record = file->first_change; record;) {
        change *next = record->next;
        free(record->bytes);
        free(record);
        record = next;
    }
    file->first_change = NULL;
    file->last_change = &file->first_change;
}

bool node_sync(node *file) {
    // Applied one by one rather than copied as a whole: most syncs follow few changes.
    for (change *record = file->first_change; record; record = record->next) {
        bool done = record->bytes
            ? contents_write(&file->durable, record->bytes, record->count, record->offset)
            : contents_resize(&file->durable, record->offset);
        if (!done) return false;
    }
    node_forget_changes(file);
    return true;
}

// Applies a write sector by sector, to the sectors that the coin keeps.
static bool node_tear(node *file, const change *record, bool (*keep)(uint64_t *), uint64_t *state) {
    uint64_t done = 0;
    while (done < record->count) {
        uint64_t offset = record->offset + done;
        uint64_t count = SECTOR_SIZE - offset % SECTOR_SIZE;
        if (count > record->count - done) count = record->count - done;
        if (keep(state) && !contents_write(&file->durable, record->bytes + done, count, offset))
            return false;
        done += count;
    }
    return true;
}

void powercut_disk_restore(powercut_disk *disk, powercut_survival survival, uint64_t seed) {
    pthread_mutex_lock(&disk->mutex);
    bool (*keep)(uint64_t *) = survival == POWERCUT_KEEP_ANY ? keep_some : keep_none;
    uint64_t state = seed;
    disk_settle_names(disk, keep, &state);
    disk->live = disk->durable;
    for (node *file = disk->nodes; file; file = file->next) {
        for (change *record = file->first_change; record; record = record->next) {
            if (record->bytes) {
                if (!node_tear(file, record, keep, &state)) abort();
            } else if (keep(&state)) {
                if (!contents_resize(&file->durable, record->offset)) abort();
            }
        }
        node_forget_changes(file);
        if (!contents_copy(&file->live, &file->durable)) abort();
    }
    disk->is_cut = false;
    disk->will_cut = false;
    pthread_mutex_unlock(&disk->mutex);
}

powercut_disk *powercut_disk_create(void) {
    static pthread_mutex_t naming = PTHREAD_MUTEX_INITIALIZER;
    static unsigned disk_count = 0;
    powercut_disk *disk = calloc(1, sizeof *disk);
    if (!disk) return NULL;
    pthread_mutex_lock(&naming);
    snprintf(disk->name, sizeof disk->name, "powercut-%u", ++disk_count);
    pthread_mutex_unlock(&naming);
    pthread_mutex_init(&disk->mutex, NULL);
    pthread_cond_init(&disk->condition, NULL);
    disk->last_name_change = &disk->first_name_change;
    disk->capacity = UINT64_MAX;
    powercut_fill_vfs(disk);
    if (sqlite3_vfs_register(&disk->vfs, 0) != SQLITE_OK) abort();
    return disk;
}

void powercut_disk_destroy(powercut_disk *disk) {
    sqlite3_vfs_unregister(&disk->vfs);
    disk_settle_names(disk, keep_none, NULL);
    for (node *file = disk->nodes; file;) {
        node *next = file->next;
        node_forget_changes(file);
        free(file->live.bytes);
        free(file->durable.bytes);
        free(file);
        file = next;
    }
    pthread_cond_destroy(&disk->condition);
    pthread_mutex_destroy(&disk->mutex);
    free(disk);
}

const char *powercut_disk_name(const powercut_disk *disk) {
    return disk->name;
}

static void lock(const powercut_disk *disk) {
    pthread_mutex_lock((pthread_mutex_t *)&disk->mutex);
}

static void unlock(const powercut_disk *disk) {
    pthread_mutex_unlock((pthread_mutex_t *)&disk->mutex);
}

void powercut_disk_cut_after(powercut_disk *disk, uint64_t operation_count) {
    lock(disk);
    disk->operations_until_cut = operation_count;
    disk->will_cut = true;
    unlock(disk);
}

bool powercut_disk_is_cut(const powercut_disk *disk) {
    lock(disk);
    bool is_cut = disk->is_cut;
    unlock(disk);
    return is_cut;
}

void powercut_disk_set_capacity(powercut_disk *disk, uint64_t byte_count) {
    lock(disk);
    disk->capacity = byte_count;
    unlock(disk);
}

void powercut_disk_set_read_only(powercut_disk *disk, bool is_read_only) {
    lock(disk);
    disk->is_read_only = is_read_only;
    unlock(disk);
}

uint64_t powercut_disk_byte_count(const powercut_disk *disk) {
    lock(disk);
    uint64_t count = disk_byte_count(disk);
    unlock(disk);
    return count;
}

uint64_t powercut_disk_operation_count(const powercut_disk *disk) {
    lock(disk);
    uint64_t count = disk->operation_count;
    unlock(disk);
    return count;
}

uint64_t powercut_disk_sync_count(const powercut_disk *disk) {
    lock(disk);
    uint64_t count = disk->sync_count;
    unlock(disk);
    return count;
}

uint64_t powercut_disk_read_count(const powercut_disk *disk) {
    lock(disk);
    uint64_t count = disk->read_count;
    unlock(disk);
    return count;
}

void powercut_disk_fail_syncs(powercut_disk *disk, uint64_t count) {
    lock(disk);
    disk->syncs_to_fail = count;
    unlock(disk);
}

void powercut_disk_hold_syncs(powercut_disk *disk) {
    lock(disk);
    disk->holds_syncs = true;
    unlock(disk);
}

void powercut_disk_release_syncs(powercut_disk *disk) {
    lock(disk);
    disk->holds_syncs = false;
    pthread_cond_broadcast(&disk->condition);
    unlock(disk);
}

void powercut_disk_await_held_sync(powercut_disk *disk) {
    lock(disk);
    while (disk->held_sync_count == 0) pthread_cond_wait(&disk->condition, &disk->mutex);
    unlock(disk);
}

bool powercut_disk_damage(powercut_disk *disk, const char *path, uint64_t offset, uint64_t count) {
    lock(disk);
    node *file = disk_find(disk, path);
    bool done = file && offset + count <= file->live.count && offset + count <= file->durable.count;
    if (done) {
        memset(file->live.bytes + offset, 0xA5, count);
        memset(file->durable.bytes + offset, 0xA5, count);
    }
    unlock(disk);
    return done;
}

#include "PowerCutDisk.h"

#include <string.h>

typedef struct {
    sqlite3_file base;
    powercut_disk *disk;
    node *node;
    // Whether the first sync makes the file's name durable as well.
    bool syncs_directory;
    // Whether the file goes when it is closed, and its name with it.
    bool is_temporary;
    char name[NAME_SIZE];
} open_file;

static int file_close(sqlite3_file *base) {
    open_file *file = (open_file *)base;
    if (file->is_temporary) {
        pthread_mutex_lock(&file->disk->mutex);
        disk_remove(file->disk, file->name);
        pthread_mutex_unlock(&file->disk->mutex);
    }
    return SQLITE_OK;
}

static int file_read(sqlite3_file *base, void *buffer, int count, sqlite3_int64 offset) {
    open_file *file = (open_file *)base;
    powercut_disk *disk = file->disk;
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    const contents *live = &file->node->live;
    disk->read_count++;
    if (disk->is_cut) {
        code = SQLITE_IOERR_READ;
    } else {
        uint64_t available = (uint64_t)offset < live->count ? live->count - (uint64_t)offset : 0;
        if (available < (uint64_t)count) {
            // SQLite relies on the rest of a short read being zero.
            memset(buffer, 0, (size_t)count);
            code = SQLITE_IOERR_SHORT_READ;
        } else {
            available = (uint64_t)count;
        }
        if (available > 0) memcpy(buffer, live->bytes + offset, available);
    }
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int file_write(sqlite3_file *base, const void *buffer, int count, sqlite3_int64 offset) {
    open_file *file = (open_file *)base;
    powercut_disk *disk = file->disk;
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    uint64_t end = (uint64_t)offset + (uint64_t)count;
    uint64_t growth = end > file->node->live.count ? end - file->node->live.count : 0;
    bool was_cut = disk->is_cut;
    if (growth > 0 && disk_byte_count(disk) + growth > disk->capacity) {
        code = SQLITE_FULL;
    } else if (disk->is_read_only) {
        code = SQLITE_IOERR_WRITE;
    } else if (!disk_begin_operation(disk)) {
        // The write that is under way when the power goes may reach the disk in part.
        if (!was_cut) node_record(file->node, buffer, (uint64_t)count, (uint64_t)offset);
        code = SQLITE_IOERR_WRITE;
    } else if (!node_write(file->node, buffer, (uint64_t)count, (uint64_t)offset)) {
        code = SQLITE_IOERR_NOMEM;
    }
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 count) {
    open_file *file = (open_file *)base;
    powercut_disk *disk = file->disk;
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    if (disk->is_read_only || !disk_begin_operation(disk) || !node_truncate(file->node, (uint64_t)count))
        code = SQLITE_IOERR_TRUNCATE;
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int file_sync(sqlite3_file *base, int flags) {
    (void)flags;
    open_file *file = (open_file *)base;
    powercut_disk *disk = file->disk;
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    if (disk->holds_syncs) {
        disk->held_sync_count++;
        pthread_cond_broadcast(&disk->condition);
        while (disk->holds_syncs) pthread_cond_wait(&disk->condition, &disk->mutex);
        disk->held_sync_count--;
    }
    if (disk->syncs_to_fail > 0) {
        disk->syncs_to_fail--;
        code = SQLITE_IOERR_FSYNC;
    } else if (!disk_begin_operation(disk) || !node_sync(file->node)) {
        code = SQLITE_IOERR_FSYNC;
    } else {
        disk->sync_count++;
        if (file->syncs_directory) {
            // An operation of its own: the power can go between the two.
            if (disk_begin_operation(disk)) {
                disk_sync_directory(disk);
                file->syncs_directory = false;
            } else {
                code = SQLITE_IOERR_DIR_FSYNC;
            }
        }
    }
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    open_file *file = (open_file *)base;
    pthread_mutex_lock(&file->disk->mutex);
    *size = (sqlite3_int64)file->node->live.count;
    int code = file->disk->is_cut ? SQLITE_IOERR_FSTAT : SQLITE_OK;
    pthread_mutex_unlock(&file->disk->mutex);
    return code;
}

// One connection at a time uses a disk, so that there is nothing to lock.
static int file_lock(sqlite3_file *base, int level) {
    (void)base, (void)level;
    return SQLITE_OK;
}

static int file_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
    (void)base;
    *is_reserved = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    (void)base, (void)operation, (void)argument;
    return SQLITE_NOTFOUND;
}

// The two answers that SQLite's file system for Unix gives on common disks.
static int file_sector_size(sqlite3_file *base) {
    (void)base;
    return 4096;
}

static int file_device_characteristics(sqlite3_file *base) {
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// Version 1: without shared memory, as a connection in exclusive locking mode needs none.
const sqlite3_io_methods powercut_file_methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_lock,
    .xCheckReservedLock = file_check_reserved_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_device_characteristics,
};

static int disk_open(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    powercut_disk *disk = vfs->pAppData;
    open_file *file = (open_file *)base;
    memset(file, 0, sizeof *file);
    file->disk = disk;
    file->is_temporary = flags & SQLITE_OPEN_DELETEONCLOSE;
    file->syncs_directory = (flags & SQLITE_OPEN_CREATE)
        && (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL));
    const char *name = path ? path : "temporary";
    if (strlen(name) >= NAME_SIZE) return SQLITE_CANTOPEN;
    strcpy(file->name, name);

    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    if (disk->is_cut) {
        code = SQLITE_CANTOPEN;
    } else {
        file->node = disk_find(disk, name);
        if (!file->node && (flags & SQLITE_OPEN_CREATE) && !disk->is_read_only
            && disk_begin_operation(disk))
            file->node = disk_make(disk, name);
        if (!file->node) code = SQLITE_CANTOPEN;
    }
    pthread_mutex_unlock(&disk->mutex);
    if (code != SQLITE_OK) return code;
    base->pMethods = &powercut_file_methods;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

static int disk_delete(sqlite3_vfs *vfs, const char *path, int syncs_directory) {
    powercut_disk *disk = vfs->pAppData;
    int code = SQLITE_OK;
    pthread_mutex_lock(&disk->mutex);
    if (!disk_find(disk, path)) {
        code = SQLITE_IOERR_DELETE_NOENT;
    } else if (disk->is_read_only || !disk_begin_operation(disk)) {
        code = SQLITE_IOERR_DELETE;
    } else {
        disk_remove(disk, path);
        if (syncs_directory) {
            if (disk_begin_operation(disk)) disk_sync_directory(disk);
            else code = SQLITE_IOERR_DIR_FSYNC;
        }
    }
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int disk_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    powercut_disk *disk = vfs->pAppData;
    pthread_mutex_lock(&disk->mutex);
    const node *file = disk_find(disk, path);
    // As on Unix, a file that is empty does not count as existing.
    *result = file && (flags != SQLITE_ACCESS_EXISTS || file->live.count > 0);
    int code = disk->is_cut ? SQLITE_IOERR_ACCESS : SQLITE_OK;
    pthread_mutex_unlock(&disk->mutex);
    return code;
}

static int disk_full_path(sqlite3_vfs *vfs, const char *path, int count, char *full_path) {
    (void)vfs;
    if (strlen(path) >= (size_t)count) return SQLITE_CANTOPEN;
    strcpy(full_path, path);
    return SQLITE_OK;
}

static int disk_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
    (void)vfs;
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    return system->xRandomness(system, count, bytes);
}

static int disk_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return microseconds;
}

static int disk_current_time(sqlite3_vfs *vfs, double *day) {
    (void)vfs;
    *day = 2440587.5;
    return SQLITE_OK;
}

static int disk_last_error(sqlite3_vfs *vfs, int count, char *message) {
    (void)vfs, (void)count, (void)message;
    return 0;
}

void powercut_fill_vfs(powercut_disk *disk) {
    disk->vfs = (sqlite3_vfs){
        .iVersion = 1,
        .szOsFile = sizeof(open_file),
        .mxPathname = NAME_SIZE - 1,
        .zName = disk->name,
        .pAppData = disk,
        .xOpen = disk_open,
        .xDelete = disk_delete,
        .xAccess = disk_access,
        .xFullPathname = disk_full_path,
        .xRandomness = disk_randomness,
        .xSleep = disk_sleep,
        .xCurrentTime = disk_current_time,
        .xGetLastError = disk_last_error,
    };
}

int64_t powercut_query(const powercut_disk *disk, const char *path, const char *sql) {
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    int64_t result = -1;
    const char *name = disk ? disk->name : NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(path, &database, flags, name) == SQLITE_OK
        && sqlite3_exec(database, "PRAGMA locking_mode = EXCLUSIVE", 0, 0, 0) == SQLITE_OK
        && sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK) {
        int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) result = 0;
        if (code == SQLITE_ROW) result = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return result;
}

bool powercut_is_consistent(const powercut_disk *disk, const char *path) {
    return powercut_query(
               disk, path,
               "SELECT (SELECT count(*) = 1 AND max(integrity_check) = 'ok'"
               "        FROM pragma_integrity_check)"
               "   AND (SELECT count(*) = 0 FROM pragma_foreign_key_check)") == 1;
}

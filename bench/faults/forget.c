/* A disk that forgets, for LD_PRELOAD: what was not synced when the power went is not there when it is back.
 *
 * After each fsync or fdatasync of a file in the folder FAULTS_FORGET, a copy of it is put into FAULTS_SYNCED: what a disk
 * without power would still hold. The bench kills the process and puts the copies in place of the files. The copy is read through
 * the descriptor that was synced: closing another one of the same file would drop SQLite's own locks. What is deleted is gone
 * there as well, since file systems keep the order of names: an old log beside a newer database would be no power cut.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void keep(int synced) {
    const char *folder = getenv("FAULTS_FORGET"), *kept = getenv("FAULTS_SYNCED");
    char link[64], path[PATH_MAX], beside[2 * PATH_MAX], place[2 * PATH_MAX], piece[1 << 16];
    struct stat about;
    if (!folder || !kept || fstat(synced, &about) || !S_ISREG(about.st_mode)) return;
    snprintf(link, sizeof link, "/proc/self/fd/%d", synced);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return;
    path[length] = 0;
    if (strncmp(path, folder, strlen(folder))) return;
    snprintf(place, sizeof place, "%s/%s", kept, strrchr(path, '/') + 1);
    snprintf(beside, sizeof beside, "%s.%d", place, (int)gettid());
    int copy = open(beside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (copy < 0) return;
    off_t at = 0;
    for (ssize_t read; (read = pread(synced, piece, sizeof piece, at)) > 0; at += read)
        if (write(copy, piece, read) != read) break;
    close(copy);
    rename(beside, place);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int failed = real(file);
    if (!failed) keep(file);
    return failed;
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int failed = real(file);
    if (!failed) keep(file);
    return failed;
}

int unlink(const char *path) {
    static int (*real)(const char *);
    const char *folder = getenv("FAULTS_FORGET"), *kept = getenv("FAULTS_SYNCED");
    char place[2 * PATH_MAX];
    if (!real) real = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    int failed = real(path);
    if (!failed && folder && kept && !strncmp(path, folder, strlen(folder))) {
        snprintf(place, sizeof place, "%s/%s", kept, strrchr(path, '/') + 1);
        real(place);
    }
    return failed;
}

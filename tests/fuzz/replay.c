/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* replay.c - runs a fuzz target without a fuzzer, as an ordinary test: each file of a folder, then each with
 * bytes changed at random from a fixed seed.
 *
 * usage: NAME_replay FOLDER [ROUNDS] */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "random/random.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20, CHANGES = 8 };

/* The target gets a copy of the exact size, so that a sanitizer sees one byte too far. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void change(struct random *random, uint8_t *data, size_t *size)
{
    for (uint64_t n = 1 + random_below(random, CHANGES); n > 0 && *size > 0; n--) {
        size_t at = random_below(random, *size), length = 1 + random_below(random, *size - at);
        switch (random_below(random, 4)) {
        case 0:
            data[at] = (uint8_t)random_below(random, 256);
            break;
        case 1: /* cut */
            memmove(data + at, data + at + length, *size - at - length);
            *size -= length;
            break;
        case 2: /* repeat */
            if (*size + length <= MOST) {
                memmove(data + at + length, data + at, *size - at);
                *size += length;
            }
            break;
        default:
            data[at] ^= (uint8_t)(1U << random_below(random, 8));
        }
    }
}

static void replay(const char *path, int rounds)
{
    static uint8_t whole[MOST], changed[MOST];
    FILE *file = fopen(path, "rb");
    if (!file)
        return;
    size_t size = fread(whole, 1, sizeof whole, file);
    (void)fclose(file);
    run(whole, size);
    struct random random = random_seeded(size, 1);
    for (int i = 0; i < rounds; i++) {
        size_t left = size;
        memcpy(changed, whole, size);
        change(&random, changed, &left);
        run(changed, left);
    }
}

int main(int argc, char **argv)
{
    ARENA_SCOPE(a);
    DIR *folder = argc > 1 ? opendir(argv[1]) : NULL;
    if (!folder) {
        (void)fprintf(stderr, "usage: %s FOLDER [ROUNDS]\n", argv[0]);
        return 2;
    }
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.') {
            replay(arena_print(a, "%s/%s", argv[1], entry->d_name),
                   argc > 2 ? (int)strtol(argv[2], NULL, 10) : 500);
            count++;
        }
    (void)closedir(folder);
    (void)printf("%d files\n", count);
    return count ? 0 : 1;
}

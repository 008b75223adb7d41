/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo.c - the folder of the demonstration: made beside, renamed at the end. */
#include "demo/demo.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock/clock.h"
#include "demo/internal.h"
#include "house/house.h"
#include "i18n/i18n.h"

static const struct {
    char letter; /* in the @spaces column */
    const char *name, *title;
} spaces[] = {{'f', "federation", "Grappes horlogères"},
              {'p', "pole", "Pôle des microtechniques"},
              {'t', "territoire", "Territoire d'industrie Haut-Doubs horloger"}};

/* Nothing there, or an empty folder. */
static struct fault *check_free(const char *folder)
{
    DIR *d = opendir(folder);
    if (!d && errno == ENOENT)
        return NULL;
    if (!d)
        return fault(FAULT_CONFLICT, "%s cannot be used as a folder: %s.", folder, strerror(errno));
    int entries = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        entries += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    (void)closedir(d);
    return entries ? fault(FAULT_CONFLICT, "The folder %s is not empty: name a new one.", folder) : NULL;
}

/* A folder without folders in it, as ours are. */
static void remove_folder(const char *folder)
{
    ARENA_SCOPE(work);
    DIR *d = opendir(folder);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        (void)unlink(arena_print(work, "%s/%s", folder, e->d_name));
    (void)closedir(d);
    (void)rmdir(folder);
}

/* The spaces as they were set up some weeks ago, then what happened in them. */
static struct fault *add_spaces(struct house *house, int64_t now)
{
    ARENA_SCOPE(work);
    struct demo_loader loaders[COUNT(spaces)];
    const struct space_info *info[COUNT(spaces)];
    for (size_t i = 0; i < COUNT(spaces); i++) {
        struct door *door = NULL;
        TRY(house_add(house, spaces[i].name, spaces[i].title, true, &info[i]));
        TRY(door_open_program(info[i]->space, work, &door));
        TRY(demo_fill(door, spaces[i].letter, &loaders[i]));
    }
    TRY(demo_history(loaders, COUNT(loaders), now));
    for (size_t i = 0; i < COUNT(spaces); i++)
        TRY(space_seal(info[i]->space));
    return NULL;
}

static struct fault *fill_folder(const char *folder, const char *database, int64_t now)
{
    struct house *house = NULL;
    TRY(house_create(folder, &house));
    house_use_database(house, database);
    struct fault *failed = add_spaces(house, now), kept = failed ? *failed : (struct fault){0};
    if (failed)
        house_discard(house);
    else
        house_close(house);
    return failed ? fault_again(&kept) : NULL;
}

struct fault *demo_make(const char *folder)
{
    return demo_make_in(folder, NULL);
}

struct fault *demo_make_in(const char *folder, const char *database)
{
    ARENA_SCOPE(work);
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    const char *final = arena_text(work, folder, length);
    TRY(check_free(final));
    char *beside = arena_print(work, "%s.making-XXXXXX", final);
    if (!mkdtemp(beside))
        return fault(FAULT_IO, "%s cannot be made: %s.", final, strerror(errno));
    enum language spoken = language();
    language_set(LANGUAGE_FR); /* the tables are typed in French */
    int64_t now = now_us();
    clock_hold(now - DEMO_DAYS * 24 * 3600 * SECOND_US); /* before the first identifier is made */
    struct fault *failed = fill_folder(beside, database, now);
    clock_hold(0);
    language_set(spoken);
    if (!failed && rename(beside, final) != 0)
        failed = fault(FAULT_IO, "%s cannot be made: %s.", final, strerror(errno));
    if (failed)
        remove_folder(beside);
    return failed;
}

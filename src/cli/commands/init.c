/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* init.c - `grappe init`: an empty space in a folder. */
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "db/db.h"
#include "house/house.h"
#include "i18n/i18n.h"
#include "options.h"

struct wishes {
    const char *folder, *name, *title, *database;
};

static struct fault *read_wishes(int argc, char **argv, struct wishes *w)
{
    *w = (struct wishes){.folder = ""};
    const struct command_option options[] = {
        {"name", .text = &w->name}, {"title", .text = &w->title}, {"database", .text = &w->database}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&w->folder, tr("no folder")}));
    if (!w->name || !*w->name)
        return missing_fault("--name");
    return w->title && *w->title ? NULL : missing_fault("--title");
}

static void show_next(const struct wishes *w, const char *path)
{
    (void)printf(tr("The space \"%s\" is ready: %s\n\n"), w->title, path);
    (void)printf(tr("Next, somebody who may sign in and run it, and firms from a file:\n"
                    "  grappe person add %s --space %s --name \"…\" --email … --role facilitator "
                    "--password-stdin\n"
                    "  grappe import FILE --space '%s'\n"
                    "  grappe serve %s\n"),
                 w->folder, w->name, path, w->folder);
}

static struct fault *run_init(struct arena *work, int argc, char **argv)
{
    struct wishes w;
    struct house *house = NULL;
    const struct space_info *space = NULL;
    TRY(read_wishes(argc, argv, &w));
    bool ours = access(w.folder, F_OK) != 0;
    TRY(house_create(w.folder, &house));
    house_use_database(house, w.database);
    struct fault *failed = house_add(house, w.name, w.title, false, &space);
    if (!failed && space)
        show_next(&w, place_shown(work, space_path(space->space)));
    struct fault kept = failed ? *failed : (struct fault){0};
    house_close(house);
    if (failed && ours) { /* a folder without a space is nobody's */
        (void)unlink(arena_print(work, "%s/directory.db", w.folder));
        (void)rmdir(w.folder);
    }
    return failed ? fault_again(&kept) : NULL;
}

const struct command init_command = {
    .name = "init",
    .summary = N_("Make an empty space in a folder"),
    .help =
        N_("Usage: grappe init DIR --name NAME --title TITLE [--database URL]\n\n"
           "Makes the folder DIR if need be, and in it the space NAME.db with its taxonomy and no firm.\n"
           "A folder may hold several spaces; the first is the one a server shows by default.\n\n"
           "  --name   short, for addresses and the command line: lower-case letters, digits, hyphens\n"
           "  --title  what the top of every page shows\n"
           "  --database  postgresql://USER@HOST/DATABASE: the space is the schema NAME there, not a file\n\n"
           "Example: grappe init spaces --name federation --title \"Grappes horlogères\""),
    .run = run_init,
};

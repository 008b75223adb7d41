/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* verify.c - grappe verify: is the file of a space whole, and is its journal as it was written? */
#include <stdio.h>

#include "command.h"
#include "i18n/i18n.h"
#include "options.h"
#include "verify/verify.h"

static void line(const char *what, const char *found)
{
    (void)printf(tr("  %s: %s\n"), what, found);
}

static void report(struct arena *a, const char *path, const struct verification *v)
{
    (void)printf(tr("%s: everything is in order.\n"), path);
    line(place_is_url(path) ? tr("database") : tr("file"), v->pages);
    line(tr("journal"),
         arena_print(a, tr("%s entries sealed, %s still open, %s without their values"),
                     integer_print(a, v->sealed), integer_print(a, v->open), integer_print(a, v->erased)));
    line(tr("last link"), v->sealed ? v->head : tr("none yet"));
    line(tr("readings"), arena_print(a, tr("%s, in a chain of their own; %s lines of days before"),
                                     integer_print(a, v->readings), integer_print(a, v->reading_lines)));
    line(tr("states of months"),
         arena_print(a, tr("%s, each as the journal replays it"), integer_print(a, v->states)));
    line(tr("records"), arena_print(a, tr("%s, of %s types, each as its type asks"),
                                    integer_print(a, v->records), integer_print(a, v->types)));
    line(tr("terms"), arena_print(a, tr("%s, each on a record that exists"), integer_print(a, v->terms)));
    line(tr("documents"), arena_print(a, tr("%s contents, each as it was given"), integer_print(a, v->contents)));
}

static void close_db(void *thing)
{
    db_close(thing);
}

static struct fault *run(struct arena *a, int argc, char **argv)
{
    struct db *db = NULL;
    struct connection *c = NULL;
    struct verification v;
    const char *path = NULL;
    TRY(options_read(argc, argv, NULL, 0, (struct operand){&path, tr("the file is missing")}));
    TRY(db_open(path, false, &db));
    arena_defer(a, close_db, db);
    TRY(read_begin(db, a, &c));
    TRY(space_verify(c, a, &v));
    report(a, place_shown(a, path), &v);
    return NULL;
}

const struct command verify_command = {
    .name = "verify",
    .summary = N_("Check that a space's file is whole and its journal unchanged"),
    .help =
        N_("Usage: grappe verify FILE.db|postgresql://USER@HOST/DATABASE?schema=NAME\n\n"
           "Walks the journal's chain of hashes from the first entry to the last, and checks the structure "
           "of the\n"
           "file, every link between records, and every record against its type. Changes nothing; the server "
           "may\n"
           "go on meanwhile. Note the last link somewhere else: it proves later that nothing was cut off.\n"
           "Exit status 0 when all is in order, 65 when the journal or a record is not, 74 for a damaged "
           "file.\n\n"
           "Example: grappe verify ~/spaces/federation.db"),
    .run = run};

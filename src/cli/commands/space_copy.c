/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* space_copy.c - grappe space copy: a space copied whole, from a file or a database to another. */
#include <stdio.h>
#include <unistd.h>

#include "command.h"
#include "copy/copy.h"
#include "db/db.h"
#include "i18n/i18n.h"
#include "options.h"
#include "rows/rows.h"

struct ends {
    const char *from, *to;
};

static void close_db(void *thing)
{
    db_close(thing);
}

static struct fault *make_tables(struct db *db)
{
    ARENA_SCOPE(work);
    struct transaction *t = NULL;
    TRY(transaction_begin(db, work, &t));
    TRY(rows_create_schema(t));
    return transaction_commit(t);
}

static void report(struct arena *a, const struct ends *e, const struct content *c, const struct content *copy)
{
    (void)printf(tr("%s records, %s terms, %s journal entries\n"), integer_print(a, c->records),
                 integer_print(a, c->terms), integer_print(a, c->entries));
    (void)printf("%s  %s\n%s  %s\n", c->whole, place_shown(a, e->from), copy->whole, place_shown(a, e->to));
}

/* The copy is read back before it is kept. */
static struct fault *copy_all(struct arena *a, const struct ends *e, struct connection *c, struct db *to)
{
    struct transaction *t = NULL;
    struct content content, copy;
    TRY(make_tables(to));
    TRY(transaction_begin(to, a, &t));
    TRY(content_copy(c, t));
    TRY(content_of(c, &content));
    TRY(content_of(transaction_connection(t), &copy));
    if (!slice_equal(slice_of(content.whole), slice_of(copy.whole)))
        return fault(FAULT_IO, "What was written is not what was read: nothing was kept.");
    TRY(rows_count_anew(t));
    TRY(transaction_commit(t));
    report(a, e, &content, &copy);
    return NULL;
}

static struct fault *run(struct arena *a, int argc, char **argv)
{
    struct ends e = {0};
    struct db *from = NULL, *to = NULL;
    struct connection *c = NULL;
    const struct command_option options[] = {{"to", .text = &e.to}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&e.from, tr("no space")}));
    if (!e.to)
        return missing_fault("--to");
    TRY(db_open(e.from, false, &from));
    arena_defer(a, close_db, from);
    TRY(read_begin(from, a, &c));
    TRY(rows_check_schema(c)); /* before anything is made */
    TRY(db_open(e.to, true, &to));
    arena_defer(a, close_db, to);
    return copy_all(a, &e, c, to);
}

const struct command space_copy_command = {
    .name = "space copy",
    .summary = N_("Copy a space whole to another file or database"),
    .help =
        N_("Usage: grappe space copy FROM --to TO\n\n"
           "FROM and TO are files, or PostgreSQL addresses: postgresql://USER@HOST/DATABASE?schema=NAME.\n"
           "Copies every record with its history, then reads the copy back and prints the hash of what\n"
           "each end says: the two are equal, or nothing is kept. FROM may be in use and does not change;\n"
           "TO is made, and must be empty.\n\n"
           "Exit: 0 done, 66 no such space, 73 TO is not empty, 74 it cannot be read or written.\n\n"
           "Example: grappe space copy federation.db --to 'postgresql://grappe@db/grappe?schema=federation'"),
    .run = run};

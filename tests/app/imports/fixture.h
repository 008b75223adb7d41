/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* fixture.h - a space of its own for each test, files imported into it from text, and pictures of all it
 * holds. */
#ifndef GRAPPE_TEST_IMPORTS_FIXTURE_H
#define GRAPPE_TEST_IMPORTS_FIXTURE_H

#include "folder.h"
#include "under_test.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"
#include "i18n/i18n.h"
#include "imports/imports.h"
#include "rows/rows.h"
#include "text/buffer.h"

struct fixture {
    struct arena *arena;
    struct space *space;
    char folder[64], path[256];
};

/* Doors give their connections back before: last opened, first closed. */
static inline void close_space(void *thing)
{
    struct fixture *x = thing;
    space_close(x->space);
    folder_remove(x->folder);
}

static inline int setup(void **state)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct fixture *x = NEW(a, struct fixture, 1);
    x->arena = a;
    folder_new(x->folder, "imports");
    new_place(x->folder, "space", x->path, sizeof x->path);
    language_set(LANGUAGE_EN);
    assert_ok(space_create(x->path, &x->space));
    arena_defer(a, close_space, x);
    *state = x;
    return 0;
}

static inline int teardown(void **state)
{
    arena_free(((struct fixture *)*state)->arena);
    return 0;
}

/* --- helpers --------------------------------------------------------------------------------------- */

static inline struct door *program_door(struct fixture *x)
{
    struct door *d = NULL;
    assert_ok(door_open_program(x->space, x->arena, &d));
    return d;
}

static inline struct fault *import_with(struct fixture *x, struct slice file, struct import_options options,
                                        struct import_report *report)
{
    struct table *c = NULL;
    struct import_columns columns;
    struct door *d = program_door(x);
    TRY(table_open_bytes(x->arena, file, NULL, &c));
    TRY(imports_guess(d, c, "organisation", &columns));
    return imports_run(d, c, &columns, &options, report);
}

static inline struct import_report imported(struct fixture *x, const char *file)
{
    struct import_report report;
    assert_ok(import_with(x, slice_of(file), (struct import_options){.file = "test.csv"}, &report));
    for (size_t i = 0; i < report.refusal_count; i++)
        print_message("# line %lld %s (%s): %s\n", (long long)report.refusals[i].line,
                      report.refusals[i].column, report.refusals[i].given, report.refusals[i].reason);
    return report;
}

/* All records of a type, by id. */
static inline size_t records_of(struct fixture *x, const struct record_type *type, void *records)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    assert_ok(door_open_program(x->space, work, &d));
    struct list_query query = {.type = type, .limit = LIMIT_EXPORT_ROWS};
    size_t count = 0;
    int64_t total = 0;
    assert_ok(rows_list(door_connection(d), x->arena, &query, &(const struct sight){.program = "test"},
                        records, &count, &total));
    return count;
}

static inline struct organisation *organisation_named(struct fixture *x, const char *name)
{
    struct organisation *all;
    size_t count = records_of(x, &organisation_type, &all);
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    fail_msg("no organisation is named %s", name);
    return NULL;
}

static inline struct site *site_of(struct fixture *x, int64_t organisation)
{
    struct site *all;
    size_t count = records_of(x, &site_type, &all);
    for (size_t i = 0; i < count; i++)
        if (all[i].organisation == organisation)
            return &all[i];
    return NULL;
}

/* Every value of every record of the space but imports and mappings, in plain form: two pictures are equal
 * when nothing differs. */
static const char *picture(struct fixture *x)
{
    struct buffer *b = buffer_new(x->arena, 512 * MIB);
    for (int t = 0; t < record_type_count; t++) {
        const struct record_type *type = all_record_types[t];
        if (strncmp(type->name, "import_", 7) == 0)
            continue;
        char *records;
        size_t count = records_of(x, type, &records);
        for (size_t i = 0; i < count; i++) {
            const void *record = records + i * type->size;
            buffer_print(b, "%s %lld:", type->name, (long long)((const struct record_head *)record)->id);
            for (int f = 0; f < type->count; f++)
                buffer_print(b, " [%s]", value_plain(&type->fields[f], x->arena, record));
            buffer_char(b, '\n');
        }
    }
    return buffer_string(b);
}

static inline int64_t journal_entries(struct fixture *x)
{
    int64_t count = -1;
    assert_ok(db_integer(door_connection(program_door(x)), &count, -1,
                         BY_PROGRAM("test") "SELECT count(*) FROM journal", NO_ARGS));
    return count;
}

/* A SIREN of its own for each i, with its key. */
static const char *siren(struct arena *a, int i)
{
    char digits[10];
    (void)snprintf(digits, sizeof digits, "4%07d", i);
    int sum = 0;
    for (int k = 0; k < 8; k++) {
        int d = digits[k] - '0';
        d *= k % 2 ? 2 : 1;
        sum += d > 9 ? d - 9 : d;
    }
    return arena_print(a, "%s%d", digits, (10 - sum % 10) % 10);
}

static const char *siret(struct arena *a, int i)
{
    for (int last = 0; last < 10; last++) {
        const char *text = arena_print(a, "%s0001%d", siren(a, i), last);
        int sum = 0;
        for (int k = 0; k < 14; k++) {
            int d = text[k] - '0';
            d *= k % 2 ? 1 : 2;
            sum += d > 9 ? d - 9 : d;
        }
        if (sum % 10 == 0)
            return text;
    }
    return NULL;
}

#endif

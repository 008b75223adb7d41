/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* upload_result.c - what an import did, or would do, as a text that stays: a line of counts, then lines that
 * begin with what they are, cells between tabs. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "imports/upload_room.h"
#include "text/buffer.h"

const char *upload_one_line(struct arena *a, const char *text)
{
    char *copy = arena_text(a, text ? text : "", text ? strlen(text) : 0);
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return copy;
}

struct slice upload_next_line(struct slice *rest)
{
    struct slice line = {"", 0};
    (void)slice_cut(rest, '\n', &line);
    return line;
}

int64_t upload_number(struct slice s)
{
    return s.len ? strtoll(s.ptr, NULL, 10) : 0;
}

#define COUNTS(r)                                                                                            \
    {                                                                                                        \
        &(r)->batch, &(r)->lines, &(r)->created, &(r)->completed, &(r)->unchanged, &(r)->passed_over,        \
            &(r)->refused, &(r)->sites, &(r)->capabilities, &(r)->certificates, &(r)->people                 \
    }

static void print_cells(struct buffer *b, struct arena *a, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_print(b, "%s%s", i ? "\t" : "\n", upload_one_line(a, cells[i]));
}
#define PRINT_LINE(b, a, ...)                                                                                \
    print_cells(b, a, (const char *const[]){__VA_ARGS__}, COUNT(((const char *const[]){__VA_ARGS__})))

static const char *digits(struct arena *a, int64_t number)
{
    return arena_print(a, "%lld", (long long)number);
}

struct fault *upload_result_print(struct arena *a, const struct upload_result *r, struct slice *text)
{
    const int64_t *const counts[] = COUNTS(r);
    struct buffer *b = buffer_new(a, UPLOAD_SMALL_TEXT);
    for (size_t i = 0; i < COUNT(counts); i++)
        buffer_print(b, "%lld\t", (long long)*counts[i]);
    for (size_t i = 0; i < r->refusal_count; i++) {
        const struct upload_refusal *f = &r->refusals[i];
        PRINT_LINE(b, a, "refusal", digits(a, f->line), f->column, f->given, f->reason);
    }
    for (size_t i = 0; i < r->unknown_count; i++)
        PRINT_LINE(b, a, "unknown", r->unknown[i]);
    for (size_t i = 0; i < r->known_count; i++) {
        const struct upload_known *k = &r->known[i];
        PRINT_LINE(b, a, "known", digits(a, k->line), digits(a, k->organisation), k->name);
    }
    for (size_t i = 0; i < r->row_count; i++) {
        const struct upload_row *w = &r->rows[i];
        PRINT_LINE(b, a, "row", digits(a, w->line), w->outcome, w->added ? "1" : "0", w->refused ? "1" : "0",
                   w->name, w->place, w->identifier, w->know_how, w->problem);
    }
    TRY(buffer_check(b));
    *text = buffer_view(b);
    return NULL;
}

/* --- the way back ---------------------------------------------------------------------------------- */

static const char *next_cell(struct arena *a, struct slice *line)
{
    struct slice cell = {"", 0};
    (void)slice_cut(line, '\t', &cell);
    return slice_text(a, cell);
}

static int64_t next_number(struct arena *a, struct slice *line)
{
    return upload_number(slice_of(next_cell(a, line)));
}

/* Lists that grow as they are read. */
struct lists {
    struct upload_refusal *refusals;
    struct upload_known *known;
    struct upload_row *rows;
    const char **unknown;
    size_t refusal_room, known_room, row_room, unknown_room;
};

static void read_line(struct arena *a, struct slice line, struct upload_result *r, struct lists *l)
{
    const char *what = next_cell(a, &line);
    if (strcmp(what, "refusal") == 0) {
        struct upload_refusal *f = PUSH(a, l->refusals, r->refusal_count, l->refusal_room);
        f->line = next_number(a, &line);
        f->column = next_cell(a, &line);
        f->given = next_cell(a, &line);
        f->reason = next_cell(a, &line);
    } else if (strcmp(what, "known") == 0) {
        struct upload_known *k = PUSH(a, l->known, r->known_count, l->known_room);
        k->line = next_number(a, &line);
        k->organisation = next_number(a, &line);
        k->name = next_cell(a, &line);
    } else if (strcmp(what, "row") == 0) {
        struct upload_row *w = PUSH(a, l->rows, r->row_count, l->row_room);
        w->line = next_number(a, &line);
        w->outcome = next_cell(a, &line);
        w->added = next_number(a, &line) == 1;
        w->refused = next_number(a, &line) == 1;
        w->name = next_cell(a, &line);
        w->place = next_cell(a, &line);
        w->identifier = next_cell(a, &line);
        w->know_how = next_cell(a, &line);
        w->problem = next_cell(a, &line);
    } else if (*what)
        *PUSH(a, l->unknown, r->unknown_count, l->unknown_room) = next_cell(a, &line);
}

void upload_result_read(struct arena *a, struct slice text, struct upload_result *r)
{
    int64_t *const counts[] = COUNTS(r);
    struct slice line = upload_next_line(&text);
    struct lists l = {0};
    *r = (struct upload_result){0};
    for (size_t i = 0; i < COUNT(counts); i++)
        *counts[i] = next_number(a, &line);
    while (slice_cut(&text, '\n', &line))
        read_line(a, line, r, &l);
    r->refusals = l.refusals;
    r->known = l.known;
    r->rows = l.rows;
    r->unknown = l.unknown;
}

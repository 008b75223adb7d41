/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* uploads.c - the steps of an import through pages. */
#include "imports/uploads.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "imports/import_fields.h"
#include "imports/import_reading.h"
#include "imports/import_room.h"
#include "imports/upload_files.h"
#include "text/buffer.h"
#include "text/fold.h"

enum { SAMPLE_ROWS = 50, SAMPLE_LENGTH = 40 };

/* A file that waits, opened at its first row. */
struct waiting {
    struct upload_place place;
    struct table *file;
    struct import_columns columns;
    const char *name, *encoding, *sheet; /* sheet NULL: a CSV */
    char separator;
    int64_t rows;
};

/* --- kept ------------------------------------------------------------------------------------------ */

/* Text in one line: what is kept is read back line by line. */
static const char *one_line(struct arena *a, const char *text)
{
    char *copy = arena_text(a, text ? text : "", text ? strlen(text) : 0);
    for (char *p = copy; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
    return copy;
}

/* Every line, good or bad: bad ones are reported by the import. */
static struct fault *count_rows(struct table *c, int64_t *rows)
{
    for (bool more = true; more;) {
        struct slice *cells;
        int64_t line;
        struct fault *wrong = table_next(c, &cells, &line, &more);
        if (wrong && !more)
            return wrong;
        more |= wrong != NULL;
        *rows += more;
    }
    return NULL;
}

/* What is known of the file, in lines: whose it is, its rows, its form, its name, the sheet that is read. */
static struct fault *write_about(struct door *d, const struct upload_place *p, const char *file_name,
                                 const char *sheet)
{
    ARENA_SCOPE(work);
    struct table *t = NULL;
    int64_t rows = 0;
    TRY(table_open(work, p->content, sheet, &t));
    TRY(count_rows(t, &rows));
    if (!rows)
        return fault(FAULT_INVALID, "The file has a header and no line.");
    const char *text = arena_print(work, "%lld\n%lld\n%d\n%s\n%s\n%s\n", (long long)door_viewer(d)->person,
                                   (long long)rows, table_separator(t), table_encoding(t),
                                   one_line(work, file_name), table_sheet(t) ? table_sheet(t) : "");
    return upload_write(work, p->about, slice_of(text));
}

/* A workbook often begins with a sheet of explanations: the first one with two columns or more is meant. */
static struct fault *find_sheet(struct arena *a, const char *path, const char **sheet)
{
    enum { MOST_TRIED = 10 };
    const char **sheets = NULL;
    size_t count = 0;
    TRY(table_sheets(a, path, &sheets, &count));
    *sheet = count ? sheets[0] : NULL;
    for (size_t i = 0; count > 1 && i < count && i < MOST_TRIED; i++) {
        ARENA_SCOPE(work);
        struct table *t = NULL;
        if (table_open(work, path, sheets[i], &t) || table_columns(t) < 2)
            continue;
        *sheet = sheets[i];
        break;
    }
    return NULL;
}

static struct fault *write_first_about(struct door *d, const struct upload_place *p, const char *file_name)
{
    const char *sheet = NULL;
    TRY(find_sheet(door_arena(d), p->content, &sheet));
    return write_about(d, p, file_name, sheet);
}

struct fault *uploads_keep(struct door *d, const char *file_name, struct slice content, const char **token)
{
    struct upload_place p;
    TRY(import_allowed(d));
    if (upload_files_sweep(door_arena(d), door_space(d)) >= UPLOADS_MOST)
        return fault(FAULT_LIMIT, "%d files wait to be imported already: finish those first.", UPLOADS_MOST);
    TRY(upload_place_new(d, &p));
    struct fault *failed = upload_write(door_arena(d), p.content, content);
    if (!failed)
        failed = write_first_about(d, &p, file_name);
    if (failed) {
        struct fault kept = *failed;
        upload_place_remove(&p);
        return fault_again(&kept);
    }
    *token = p.token;
    return NULL;
}

/* --- opened ---------------------------------------------------------------------------------------- */

static struct slice next_line(struct slice *rest)
{
    struct slice line = {"", 0};
    (void)slice_cut(rest, '\n', &line);
    return line;
}

/* Of a line that we wrote: what follows the digits ends them. */
static int64_t number_of(struct slice s)
{
    return s.len ? strtoll(s.ptr, NULL, 10) : 0;
}

static struct fault *find(struct door *d, const char *token, struct waiting *w)
{
    struct arena *a = door_arena(d);
    struct slice about;
    bool there;
    *w = (struct waiting){0};
    TRY(import_allowed(d));
    TRY(upload_place_find(d, token, &w->place));
    TRY(upload_read(a, w->place.about, &about, &there));
    if (!there || number_of(next_line(&about)) != door_viewer(d)->person)
        return fault(FAULT_NOT_FOUND,
                     "This file is not here any more: files that wait are removed after a day. "
                     "Send it again.");
    w->rows = number_of(next_line(&about));
    w->separator = (char)number_of(next_line(&about));
    w->encoding = slice_text(a, next_line(&about));
    w->name = slice_text(a, next_line(&about));
    struct slice sheet = next_line(&about);
    w->sheet = sheet.len ? slice_text(a, sheet) : NULL;
    return NULL;
}

static int rule_of(const char *key)
{
    for (int i = 0; i < import_rule_count; i++)
        if (strcmp(import_rules[i].key, key) == 0)
            return i;
    return IMPORT_LEFT_OUT;
}

/* What was chosen at the step of the columns, one key a line, over what was guessed. */
static struct fault *chosen_before(struct arena *a, struct waiting *w)
{
    struct slice mapping;
    bool there;
    TRY(upload_read(a, w->place.mapping, &mapping, &there));
    for (int i = 0; there && i < w->columns.columns; i++) {
        struct slice key = next_line(&mapping);
        if (w->columns.field[i] != IMPORT_OFFICIAL)
            w->columns.field[i] = rule_of(slice_text(a, key));
    }
    return NULL;
}

static struct fault *open_file(struct door *d, struct waiting *w)
{
    TRY(table_open(door_arena(d), w->place.content, w->sheet, &w->file));
    TRY(imports_guess(d, w->file, organisation_type.name, &w->columns));
    return chosen_before(door_arena(d), w);
}

/* --- columns --------------------------------------------------------------------------------------- */

static int by_group(const void *a, const void *b)
{
    const struct import_rule *x = &import_rules[*(const int *)a], *y = &import_rules[*(const int *)b];
    const struct record_type *const order[] = {&organisation_type, &site_type, &capability_type,
                                               &person_type};
    int left = 0, right = 0;
    for (int i = 0; i < (int)COUNT(order); i++) {
        left += order[i] == x->type ? i : 0;
        right += order[i] == y->type ? i : 0;
    }
    return left != right ? left - right : *(const int *)a - *(const int *)b;
}

const struct upload_field *uploads_fields(struct arena *a, size_t *count)
{
    struct upload_field *fields = NEW(a, struct upload_field, import_rule_count);
    int *order = NEW(a, int, import_rule_count);
    for (int i = 0; i < import_rule_count; i++)
        order[i] = i;
    qsort(order, (size_t)import_rule_count, sizeof *order, by_group);
    for (int i = 0; i < import_rule_count; i++) {
        const struct import_rule *rule = &import_rules[order[i]];
        fields[i] = (struct upload_field){rule->key, tr(import_field_at((size_t)order[i]).label),
                                          tr(rule->type->title)};
    }
    *count = (size_t)import_rule_count;
    return fields;
}

struct samples {
    const char *of[UPLOAD_SAMPLES];
    int count;
};

/* A value of a column, cut at a character when it is long, unless it is shown already. */
static void add_sample(struct arena *a, struct samples *s, struct slice cell)
{
    struct slice cut = cell;
    if (!cell.len || s->count == UPLOAD_SAMPLES)
        return;
    if (utf8_length(cell) > SAMPLE_LENGTH) {
        size_t at = 0;
        for (int n = 0; n <= SAMPLE_LENGTH && at < cell.len; at++)
            n += ((unsigned char)cell.ptr[at] & 0xC0) != 0x80;
        cut.len = at - 1;
    }
    const char *text = one_line(a, arena_print(a, "%.*s%s", SLICE_ARGS(cut), cut.len < cell.len ? "…" : ""));
    for (int i = 0; i < s->count; i++)
        if (strcmp(s->of[i], text) == 0)
            return;
    s->of[s->count++] = text;
}

static struct fault *read_samples(struct arena *a, struct table *c, struct samples *samples)
{
    bool more = true;
    for (int row = 0; more && row < SAMPLE_ROWS; row++) {
        struct slice *cells;
        int64_t line;
        struct fault *wrong = table_next(c, &cells, &line, &more);
        if (wrong && !more)
            return wrong;
        for (int i = 0; !wrong && more && i < table_columns(c); i++)
            add_sample(a, &samples[i], cells[i]);
        more |= wrong != NULL;
    }
    return arena_check(a);
}

static const char *joined(struct arena *a, const struct samples *s)
{
    struct buffer *b = buffer_new(a, 4 * KIB);
    for (int i = 0; i < s->count; i++)
        buffer_print(b, "%s%s", i ? ", " : "", s->of[i]);
    return buffer_string(b);
}

static struct fault *show_columns(struct door *d, struct waiting *w, struct uploaded *u)
{
    struct arena *a = door_arena(d);
    const char **sheets = NULL;
    TRY(open_file(d, w));
    TRY(table_sheets(a, w->place.content, &sheets, &u->sheet_count));
    u->sheets = sheets;
    u->column_count = (size_t)w->columns.columns;
    u->remembered = w->columns.remembered;
    struct upload_column *columns = NEW(a, struct upload_column, u->column_count + 1);
    struct samples *samples = NEW(a, struct samples, u->column_count + 1);
    TRY(read_samples(a, w->file, samples));
    for (int i = 0; i < w->columns.columns; i++) {
        int field = w->columns.field[i];
        columns[i] = (struct upload_column){.name = table_column(w->file, i),
                                            .samples = joined(a, &samples[i]),
                                            .key = field >= 0 ? import_rules[field].key : "",
                                            .official = field == IMPORT_OFFICIAL};
        u->official_count += columns[i].official;
    }
    u->columns = columns;
    return NULL;
}

/* Two columns may make one field only where its parts add up. */
static struct fault *check_columns(struct arena *a, const struct waiting *w)
{
    const struct import_columns *m = &w->columns;
    bool named = m->format != NULL;
    for (int i = 0; i < m->columns; i++) {
        const struct import_rule *rule = m->field[i] >= 0 ? &import_rules[m->field[i]] : NULL;
        static const char *const identify[] = {"name", "siren", "siret", "uid"};
        for (size_t k = 0; rule && k < COUNT(identify); k++)
            named |= strcmp(rule->key, identify[k]) == 0;
        for (int earlier = 0; rule && !rule->many && earlier < i; earlier++)
            if (m->field[earlier] == m->field[i])
                return fault_in(arena_print(a, "m%d", i),
                                fault(FAULT_INVALID,
                                      "\"%.60s\" and \"%.60s\" cannot both become \"%s\": choose one.",
                                      table_column(w->file, earlier), table_column(w->file, i),
                                      tr(import_field_at((size_t)m->field[i]).label)));
    }
    if (!named)
        return fault(FAULT_INVALID,
                     "Say which column holds the name of the organisation, its SIREN, its SIRET or its "
                     "registration number: without one of them nobody knows who a line is about.");
    return NULL;
}

struct fault *uploads_map(struct door *d, const char *token, const char *const *keys, size_t count)
{
    struct waiting w;
    struct arena *a = door_arena(d);
    TRY(find(d, token, &w));
    TRY(open_file(d, &w));
    struct buffer *text = buffer_new(a, 64 * KIB);
    for (int i = 0; i < w.columns.columns; i++) {
        const char *key = (size_t)i < count ? keys[i] : NULL;
        int *field = &w.columns.field[i];
        if (key && *field != IMPORT_OFFICIAL) {
            *field = rule_of(key);
            if (*key && *field < 0)
                return fault_in(arena_print(a, "m%d", i),
                                fault(FAULT_INVALID, "There is no field \"%.40s\".", key));
        }
        buffer_print(text, "%s\n", *field >= 0 ? import_rules[*field].key : "");
    }
    TRY(check_columns(a, &w));
    return upload_write(a, w.place.mapping, buffer_view(text));
}

/* --- what would happen, what happened -------------------------------------------------------------- */

static void take_counts(struct upload_result *to, const struct import_report *from)
{
    to->lines = from->lines;
    to->created = from->created;
    to->completed = from->completed;
    to->unchanged = from->unchanged;
    to->passed_over = from->passed_over;
    to->refused = from->refused;
    to->sites = from->sites;
    to->capabilities = from->capabilities;
    to->certificates = from->certificates;
    to->people = from->people;
    to->batch = from->batch;
}

static void take_report(struct arena *a, struct upload_result *to, const struct import_report *from)
{
    struct upload_refusal *refusals = NEW(a, struct upload_refusal, from->refusal_count + 1);
    for (size_t i = 0; i < from->refusal_count; i++)
        refusals[i] = (struct upload_refusal){from->refusals[i].line, from->refusals[i].column,
                                              from->refusals[i].given, from->refusals[i].reason};
    struct upload_known *known = NEW(a, struct upload_known, from->known_count + 1);
    for (size_t i = 0; i < from->known_count; i++)
        known[i] =
            (struct upload_known){from->known[i].line, from->known[i].organisation, from->known[i].name};
    take_counts(to, from);
    to->known = known;
    to->known_count = from->known_count;
    to->refusals = refusals;
    to->refusal_count = from->refusal_count;
    to->unknown = from->unknown_terms;
    to->unknown_count = from->unknown_term_count;
}

static struct fault *run(struct door *d, struct waiting *w, struct import_options options,
                         struct import_report *report)
{
    TRY(open_file(d, w));
    TRY(check_columns(door_arena(d), w));
    TRY(import_reading(d, &options));
    options.file = w->name;
    return imports_run(d, w->file, &w->columns, &options, report);
}

static struct fault *preview_rows(struct door *d, struct waiting *w, struct upload_result *result)
{
    struct arena *a = door_arena(d);
    struct import_preview *p = NEW(a, struct import_preview, LIMIT_PREVIEW_ROWS);
    struct upload_row *rows = NEW(a, struct upload_row, LIMIT_PREVIEW_ROWS);
    struct import_report report;
    struct import_options options = {.dry_run = true, .most_lines = LIMIT_PREVIEW_ROWS, .preview = p};
    TRY(run(d, w, options, &report));
    result->rows = rows;
    result->row_count = (size_t)report.lines;
    for (size_t i = 0; i < result->row_count; i++)
        rows[i] = (struct upload_row){.line = p[i].line,
                                      .outcome = import_outcome_name(p[i].outcome),
                                      .added = p[i].outcome == IMPORT_CREATED,
                                      .refused = p[i].outcome == IMPORT_REFUSED,
                                      .name = p[i].name,
                                      .place = p[i].place,
                                      .identifier = p[i].identifier,
                                      .know_how = p[i].know_how,
                                      .problem = p[i].problem};
    return NULL;
}

struct fault *uploads_preview(struct door *d, const char *token, struct upload_result *result)
{
    struct waiting w;
    struct import_report report;
    *result = (struct upload_result){0};
    TRY(find(d, token, &w));
    TRY(preview_rows(d, &w, result));
    TRY(run(d, &w, (struct import_options){.dry_run = true}, &report));
    take_report(door_arena(d), result, &report);
    return NULL;
}

/* --- the report that stays ------------------------------------------------------------------------- */

#define COUNTS(r)                                                                                            \
    {                                                                                                        \
        &(r)->batch, &(r)->lines, &(r)->created, &(r)->completed, &(r)->unchanged, &(r)->passed_over,        \
            &(r)->refused, &(r)->sites, &(r)->capabilities, &(r)->certificates, &(r)->people                 \
    }

/* A line of counts, then lines of cells between tabs: a refusal has four, an unknown word one. */
static struct fault *write_report(struct arena *a, const struct upload_place *p,
                                  const struct upload_result *r)
{
    const int64_t *const counts[] = COUNTS(r);
    struct buffer *b = buffer_new(a, 4 * MIB);
    for (size_t i = 0; i < COUNT(counts); i++)
        buffer_print(b, "%lld\t", (long long)*counts[i]);
    for (size_t i = 0; i < r->refusal_count; i++)
        buffer_print(b, "\n%lld\t%s\t%s\t%s", (long long)r->refusals[i].line,
                     one_line(a, r->refusals[i].column), one_line(a, r->refusals[i].given),
                     one_line(a, r->refusals[i].reason));
    for (size_t i = 0; i < r->unknown_count; i++)
        buffer_print(b, "\n%s", one_line(a, r->unknown[i]));
    TRY(buffer_check(b));
    return upload_write(a, p->report, buffer_view(b));
}

static const char *next_cell(struct arena *a, struct slice *line)
{
    struct slice cell = {"", 0};
    (void)slice_cut(line, '\t', &cell);
    return slice_text(a, cell);
}

static void read_report(struct arena *a, struct slice text, struct upload_result *r)
{
    int64_t *const counts[] = COUNTS(r);
    struct slice line = next_line(&text);
    struct upload_refusal *refusals = NULL;
    const char **unknown = NULL;
    size_t refusal_room = 0, unknown_room = 0;
    *r = (struct upload_result){0};
    for (size_t i = 0; i < COUNT(counts); i++)
        *counts[i] = number_of(slice_of(next_cell(a, &line)));
    while (slice_cut(&text, '\n', &line)) {
        const char *first = next_cell(a, &line);
        if (!line.ptr || !line.len) {
            *PUSH(a, unknown, r->unknown_count, unknown_room) = first;
            continue;
        }
        struct upload_refusal *to = PUSH(a, refusals, r->refusal_count, refusal_room);
        to->line = number_of(slice_of(first));
        to->column = next_cell(a, &line);
        to->given = next_cell(a, &line);
        to->reason = next_cell(a, &line);
    }
    r->refusals = refusals;
    r->unknown = unknown;
}

static struct fault *earlier_report(struct arena *a, const struct upload_place *p, struct upload_result *r,
                                    bool *there)
{
    struct slice text;
    TRY(upload_read(a, p->report, &text, there));
    if (*there)
        read_report(a, text, r);
    return NULL;
}

static struct fault *run_once(struct door *d, struct waiting *w, struct upload_result *result)
{
    struct arena *a = door_arena(d);
    struct import_report report;
    bool there = false;
    TRY(earlier_report(a, &w->place, result, &there));
    if (there)
        return NULL;
    TRY(run(d, w, (struct import_options){0}, &report));
    take_report(a, result, &report);
    if (!report.done)
        return NULL;
    TRY(write_report(a, &w->place, result));
    (void)unlink(w->place.content);
    (void)unlink(w->place.mapping);
    return NULL;
}

struct fault *uploads_run(struct door *d, const char *token, struct upload_result *result)
{
    struct waiting w;
    int held = -1;
    *result = (struct upload_result){0};
    TRY(find(d, token, &w));
    TRY(upload_lock(&w.place, &held));
    struct fault *failed = run_once(d, &w, result);
    upload_unlock(held);
    return failed;
}

struct fault *uploads_choose_sheet(struct door *d, const char *token, const char *sheet)
{
    struct waiting w;
    int held = -1;
    TRY(find(d, token, &w));
    TRY(upload_lock(&w.place, &held));
    struct fault *failed = access(w.place.report, F_OK) == 0
                               ? fault(FAULT_CONFLICT, "This file is imported already.")
                               : write_about(d, &w.place, w.name, sheet);
    if (!failed)
        (void)unlink(w.place.mapping);
    upload_unlock(held);
    return failed;
}

struct fault *uploads_open(struct door *d, const char *token, struct uploaded *u)
{
    struct waiting w;
    struct upload_result *result = NEW(door_arena(d), struct upload_result, 1);
    bool done = false;
    TRY(find(d, token, &w));
    *u = (struct uploaded){.token = w.place.token,
                           .file = w.name,
                           .encoding = w.encoding,
                           .separator = w.separator,
                           .sheet = w.sheet,
                           .rows = w.rows};
    TRY(earlier_report(door_arena(d), &w.place, result, &done));
    if (!done)
        return show_columns(d, &w, u);
    u->result = result;
    return NULL;
}

struct fault *uploads_undo(struct door *d, int64_t batch)
{
    return imports_undo(d, batch);
}

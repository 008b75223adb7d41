/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* uploads.c - the steps of an import through pages. */
#include "imports/uploads.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena/arena.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "imports/import_fields.h"
#include "imports/import_room.h"
#include "imports/upload_files.h"
#include "imports/upload_room.h"
#include "text/buffer.h"
#include "text/fold.h"

enum { SAMPLE_ROWS = 50, SAMPLE_LENGTH = 40 };

/* --- kept ------------------------------------------------------------------------------------------ */

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
                                   upload_one_line(work, file_name), table_sheet(t) ? table_sheet(t) : "");
    return file_write(work, p->about, slice_of(text));
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
    struct fault *failed = file_write(door_arena(d), p.content, content);
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

struct fault *upload_find(struct door *d, const char *token, struct upload_waiting *w)
{
    struct arena *a = door_arena(d);
    struct slice about;
    bool there;
    *w = (struct upload_waiting){0};
    TRY(import_allowed(d));
    TRY(upload_place_find(d, token, &w->place));
    TRY(file_read(a, w->place.about, UPLOAD_SMALL_TEXT, &about, &there));
    if (!there || upload_number(upload_next_line(&about)) != door_viewer(d)->person)
        return fault(FAULT_NOT_FOUND,
                     "This file is not here any more: files that wait are removed after a day. "
                     "Send it again.");
    w->rows = upload_number(upload_next_line(&about));
    w->separator = (char)upload_number(upload_next_line(&about));
    w->encoding = slice_text(a, upload_next_line(&about));
    w->name = slice_text(a, upload_next_line(&about));
    struct slice sheet = upload_next_line(&about);
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
static struct fault *chosen_before(struct arena *a, struct upload_waiting *w)
{
    struct slice mapping;
    bool there;
    TRY(file_read(a, w->place.mapping, UPLOAD_SMALL_TEXT, &mapping, &there));
    for (int i = 0; there && i < w->columns.columns; i++) {
        struct slice key = upload_next_line(&mapping);
        if (w->columns.field[i] != IMPORT_OFFICIAL)
            w->columns.field[i] = rule_of(slice_text(a, key));
    }
    return NULL;
}

struct fault *upload_open_file(struct door *d, struct upload_waiting *w)
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
    const char *text =
        upload_one_line(a, arena_print(a, "%.*s%s", SLICE_ARGS(cut), cut.len < cell.len ? "…" : ""));
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

struct fault *upload_show_columns(struct door *d, struct upload_waiting *w, struct uploaded *u)
{
    struct arena *a = door_arena(d);
    const char **sheets = NULL;
    TRY(upload_open_file(d, w));
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
struct fault *upload_check_columns(struct arena *a, const struct upload_waiting *w)
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
    struct upload_waiting w;
    struct arena *a = door_arena(d);
    TRY(upload_find(d, token, &w));
    TRY(upload_open_file(d, &w));
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
    TRY(upload_check_columns(a, &w));
    (void)unlink(w.place.preview);
    return file_write(a, w.place.mapping, buffer_view(text));
}

struct fault *uploads_choose_sheet(struct door *d, const char *token, const char *sheet)
{
    struct upload_waiting w;
    int held = -1;
    TRY(upload_find(d, token, &w));
    TRY(upload_lock(&w.place, &held));
    struct fault *failed = access(w.place.report, F_OK) == 0
                               ? fault(FAULT_CONFLICT, "This file is imported already.")
                               : write_about(d, &w.place, w.name, sheet);
    if (!failed) {
        (void)unlink(w.place.mapping);
        (void)unlink(w.place.preview);
    }
    upload_unlock(held);
    return failed;
}

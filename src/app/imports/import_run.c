/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_run.c - the lines of a file, one after the other, in one transaction. */
#include <ctype.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "imports/import_fields.h"
#include "imports/import_merge.h"
#include "imports/import_room.h"
#include "journal/journal.h"
#include "rows/rows.h"
#include "text/fold.h"

enum { PROGRESS_LINES = 1000 };

struct run {
    struct door *door; /* our own, in a transaction */
    struct arena *results;
    struct csv *file;
    const struct import_columns *columns;
    const struct import_options *options;
    struct import_report *report;
    struct import_refusal *refusals;
    const struct import_terms *terms;
    struct import_unknown unknown;
};

struct fault *import_allowed(const struct door *d)
{
    const struct viewer *v = door_viewer(d);
    if (v->program || (v->roles & ROLE_FACILITATOR))
        return NULL;
    return fault(FAULT_DENIED, "Only a facilitator may import a file.");
}

const char *import_outcome_name(enum import_outcome outcome)
{
    static const char *const names[] = {[IMPORT_CREATED] = N_("created"),
                                        [IMPORT_COMPLETED] = N_("completed"),
                                        [IMPORT_UNCHANGED] = N_("unchanged"),
                                        [IMPORT_PASSED_OVER] = N_("passed over"),
                                        [IMPORT_REFUSED] = N_("refused")};
    return names[outcome];
}

/* --- refusals -------------------------------------------------------------------------------------- */

/* What kind of value was given, without repeating it: reports travel further than files. */
static const char *class_of_value(struct arena *a, struct slice s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += isdigit((unsigned char)s.ptr[i]) != 0;
    double number;
    if (!s.len)
        return tr("nothing");
    if (digits == s.len)
        return arena_print(a, tr("%zu digits"), digits);
    if (real_parse(s, &number))
        return tr("a number");
    return arena_print(a, tr("text of %zu characters"), utf8_length(s));
}

static void refuse(struct run *r, int64_t line, const char *column, const char *given, const char *reason)
{
    struct import_report *report = r->report;
    report->refused++;
    if (report->refusal_count == LIMIT_IMPORT_REFUSALS)
        return;
    struct import_refusal *to = &r->refusals[report->refusal_count++];
    *to = (struct import_refusal){line, slice_text(r->results, slice_of(column)), given,
                                  slice_text(r->results, slice_of(reason))};
}

static bool fatal(const struct fault *f)
{
    return f->code == FAULT_IO || f->code == FAULT_BUG || f->code == FAULT_DENIED ||
           f->code == FAULT_NOT_FOUND;
}

/* A refusal names the column of the file; when several make the value, the field. */
static void refuse_line(struct run *r, int64_t line, const struct slice *cells, int column,
                        const struct record_type *type, const struct fault *f)
{
    const struct field *field = type ? field_find(type, f->field) : NULL;
    if (column < 0 && type)
        column = import_column_of(r->columns, type, f->field);
    if (column < 0)
        column = *f->field ? csv_column_find(r->file, f->field) : -1;
    const char *name = column >= 0 ? csv_column(r->file, column) : field ? tr(field->label) : f->field;
    refuse(r, line, name, column >= 0 ? class_of_value(r->results, cells[column]) : "", f->text);
}

/* --- lines ----------------------------------------------------------------------------------------- */

static void count(struct import_report *report, enum import_outcome outcome)
{
    int64_t *counters[] = {[IMPORT_CREATED] = &report->created,
                           [IMPORT_COMPLETED] = &report->completed,
                           [IMPORT_UNCHANGED] = &report->unchanged,
                           [IMPORT_PASSED_OVER] = &report->passed_over};
    if (outcome != IMPORT_REFUSED) /* refuse() counts those */
        ++*counters[outcome];
}

static const char *kept(struct arena *a, const char *text)
{
    return slice_text(a, slice_of(text));
}

static void show(struct run *r, int64_t number, const struct import_line *l, enum import_outcome outcome)
{
    if (!r->options->preview)
        return;
    struct import_preview *p = &r->options->preview[r->report->lines - 1];
    const struct import_report *report = r->report;
    *p = (struct import_preview){
        .line = number, .outcome = outcome, .name = "", .place = "", .identifier = "", .know_how = ""};
    if (outcome == IMPORT_REFUSED) {
        p->problem = report->refusals[report->refusal_count - 1].reason;
        return;
    }
    const char *identifier = l->site.siret ? l->site.siret : l->organisation.siren;
    p->name = kept(r->results, l->organisation.name);
    p->place = kept(r->results, l->site.commune);
    p->identifier = kept(r->results, identifier ? identifier : l->organisation.uid);
    p->know_how = kept(r->results, l->capability.title);
}

static struct fault *keep_line(struct run *r, int64_t number, const struct slice *cells)
{
    ARENA_SCOPE(work);
    struct import_line *l = NEW(work, struct import_line, 1);
    enum import_outcome outcome = IMPORT_REFUSED;
    const struct record_type *type = NULL;
    l->arena = work;
    l->terms = r->terms;
    l->unknown = &r->unknown;
    struct fault *wrong = import_line_read(r->columns, cells, l);
    if (!wrong && l->past)
        outcome = IMPORT_PASSED_OVER;
    else if (!wrong)
        wrong = import_merge_line(
            &(struct import_merge){.door = r->door, .options = r->options, .report = r->report}, l, &outcome,
            &type);
    if (wrong && fatal(wrong))
        return wrong;
    if (wrong) {
        outcome = IMPORT_REFUSED;
        refuse_line(r, number, cells, l->column, type, wrong);
    }
    count(r->report, outcome);
    show(r, number, l, outcome);
    return arena_check(work);
}

static void tell(const struct run *r)
{
    if (r->options->progress)
        r->options->progress(r->options->progress_with, r->report->lines, csv_bytes_read(r->file),
                             csv_bytes_total(r->file));
}

static struct fault *all_lines(struct run *r)
{
    static const struct import_line nothing = {0};
    for (;;) {
        struct slice *cells = NULL;
        int64_t line = 0;
        bool more = false;
        if (r->options->most_lines && r->report->lines == r->options->most_lines)
            return NULL;
        struct fault *wrong = csv_next(r->file, &cells, &line, &more);
        if (wrong && wrong->code != FAULT_INVALID && wrong->code != FAULT_LIMIT)
            return wrong;
        if (!wrong && !more)
            return NULL;
        r->report->lines++;
        if (wrong) {
            refuse(r, line, wrong->field, "", wrong->text);
            show(r, line, &nothing, IMPORT_REFUSED);
        } else {
            TRY(keep_line(r, line, cells));
        }
        if (r->report->lines % PROGRESS_LINES == 0)
            tell(r);
    }
}

/* --- the whole ------------------------------------------------------------------------------------- */

/* The batch record has the number under which the journal has all its entries. */
static struct fault *record_batch(struct run *r)
{
    struct transaction *t = door_transaction(r->door);
    struct import_report *report = r->report;
    struct import_batch b;
    record_clear(&import_batch_type, &b);
    b.id = journal_batch(t);
    b.file = r->options->file && *r->options->file ? r->options->file : "-";
    b.type = organisation_type.name;
    b.created = report->created;
    b.updated = report->completed;
    b.refused = report->refused;
    b.on = today();
    b.person = door_viewer(r->door)->person;
    TRY(import_remember(r->door, r->file, r->columns));
    TRY(rows_insert(t, &import_batch_type, &b, b.person));
    report->batch = b.id;
    return NULL;
}

static struct fault *finish(struct run *r)
{
    struct import_report *report = r->report;
    bool nothing = report->created + report->completed == 0;
    tell(r);
    report->unknown_terms = r->unknown.texts;
    report->unknown_term_count = r->unknown.count;
    if (r->options->dry_run || nothing || (r->options->strict && report->refused > 0))
        return NULL; /* the arena takes everything back */
    TRY(record_batch(r));
    TRY(door_commit(r->door));
    report->done = true;
    return NULL;
}

struct fault *import_own_door(const struct door *d, struct arena *work, struct door **own)
{
    const struct viewer *v = door_viewer(d);
    return v->program ? door_open_program(door_space(d), work, own)
                      : door_open(door_space(d), work, v->person, own);
}

struct fault *imports_run(struct door *d, struct csv *file, const struct import_columns *columns,
                          const struct import_options *options, struct import_report *report)
{
    TRY(import_allowed(d));
    ARENA_SCOPE(work);
    struct arena *results = door_arena(d);
    struct run r = {.results = results,
                    .file = file,
                    .columns = columns,
                    .options = options,
                    .report = report,
                    .refusals = NEW(results, struct import_refusal, LIMIT_IMPORT_REFUSALS),
                    .unknown.arena = results};
    *report = (struct import_report){.refusals = r.refusals};
    TRY(import_own_door(d, work, &r.door));
    TRY(door_begin(r.door));
    TRY(import_terms_load(r.door, work, &r.terms));
    TRY(all_lines(&r));
    return finish(&r);
}

struct fault *imports_preview(struct door *d, struct csv *file, const struct import_columns *columns,
                              struct import_preview **rows, size_t *row_count)
{
    struct import_report report;
    *rows = NEW(door_arena(d), struct import_preview, LIMIT_PREVIEW_ROWS);
    TRY(imports_run(
        d, file, columns,
        &(struct import_options){.dry_run = true, .most_lines = LIMIT_PREVIEW_ROWS, .preview = *rows},
        &report));
    *row_count = (size_t)report.lines;
    return NULL;
}

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

enum { PROGRESS_LINES = 100 };

struct run {
    struct door *door; /* our own, in a transaction */
    struct arena *results;
    struct table *file;
    const struct import_columns *columns;
    const struct import_options *options;
    struct import_report *report;
    struct import_refusal *refusals;
    int64_t known[LIMIT_IMPORT_KNOWN]; /* the organisations of report->known */
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

static const char *kept(struct arena *a, const char *text)
{
    return slice_text(a, slice_of(text));
}

/* A refusal names the column of the file; when several make the value, the field. `cells` NULL: the line
 * could not be cut into any. */
static struct import_refusal refusal_of(const struct run *r, int64_t line, const struct slice *cells,
                                        const struct import_problem *p)
{
    const struct fault *f = &p->fault;
    const struct field *field = p->type ? field_find(p->type, f->field) : NULL;
    int column = p->column;
    if (column < 0 && p->type)
        column = import_column_of(r->columns, p->type, f->field);
    if (column < 0)
        column = *f->field ? table_column_find(r->file, f->field) : -1;
    const char *name = column >= 0 ? table_column(r->file, column) : field ? tr(field->label) : f->field;
    return (struct import_refusal){line, kept(r->results, name),
                                   cells && column >= 0 ? class_of_value(r->results, cells[column]) : "",
                                   kept(r->results, f->text)};
}

/* A line is told with all its problems, or counted among the others. */
static void refuse_line(struct run *r, int64_t line, const struct slice *cells, const struct import_line *l)
{
    struct import_report *report = r->report;
    if (report->refusal_count + l->problem_count > LIMIT_IMPORT_REFUSALS)
        report->refusals_full = true;
    if (report->refusals_full)
        return;
    report->refused_told++;
    for (size_t i = 0; i < l->problem_count; i++)
        r->refusals[report->refusal_count++] = refusal_of(r, line, cells, &l->problems[i]);
}

/* --- lines ----------------------------------------------------------------------------------------- */

static void count(struct import_report *report, enum import_outcome outcome)
{
    int64_t *counters[] = {[IMPORT_CREATED] = &report->created,
                           [IMPORT_COMPLETED] = &report->completed,
                           [IMPORT_UNCHANGED] = &report->unchanged,
                           [IMPORT_PASSED_OVER] = &report->passed_over,
                           [IMPORT_REFUSED] = &report->refused};
    ++*counters[outcome];
}

/* All that is wrong with a line, as one text. */
static const char *problems_of(struct arena *a, const struct import_line *l)
{
    const char *all = "";
    for (size_t i = 0; i < l->problem_count; i++)
        all = arena_print(a, "%s%s%s", all, i ? " " : "", l->problems[i].fault.text);
    return all;
}

static void show(struct run *r, int64_t number, const struct import_line *l, enum import_outcome outcome)
{
    if (!r->options->preview)
        return;
    struct import_preview *p = &r->options->preview[r->report->lines - 1];
    *p = (struct import_preview){
        .line = number, .outcome = outcome, .name = "", .place = "", .identifier = "", .know_how = ""};
    if (outcome == IMPORT_REFUSED) {
        p->problem = problems_of(r->results, l);
        return;
    }
    const char *identifier = l->site.siret ? l->site.siret : l->organisation.siren;
    p->name = kept(r->results, l->organisation.name);
    p->place = kept(r->results, l->site.commune);
    p->identifier = kept(r->results, identifier ? identifier : l->organisation.uid);
    p->know_how = kept(r->results, l->capability.title);
}

/* Kept with the name the file gives, which stays when the importer may not see whom the number belongs to. */
static void note_known(struct run *r, int64_t number, const struct import_line *l,
                       enum import_outcome outcome)
{
    struct import_report *report = r->report;
    bool known = outcome == IMPORT_COMPLETED || outcome == IMPORT_UNCHANGED;
    if (!known || report->known_count == LIMIT_IMPORT_KNOWN)
        return;
    r->known[report->known_count] = l->recognised;
    report->known[report->known_count++] = (struct import_known){
        .line = number,
        .name = l->organisation.name ? kept(r->results, l->organisation.name)
                                     : arena_print(r->results, tr("Line %lld"), (long long)number)};
}

static struct fault *keep_line(struct run *r, int64_t number, const struct slice *cells)
{
    ARENA_SCOPE(work);
    struct import_line *l = NEW(work, struct import_line, 1);
    enum import_outcome outcome = IMPORT_REFUSED;
    l->arena = work;
    l->terms = r->terms;
    l->unknown = &r->unknown;
    TRY(import_line_read(r->columns, cells, l));
    if (l->past)
        outcome = IMPORT_PASSED_OVER;
    else if (!l->unread)
        TRY(import_merge_line(
            &(struct import_merge){.door = r->door, .options = r->options, .report = r->report}, l,
            &outcome));
    if (outcome == IMPORT_REFUSED)
        refuse_line(r, number, cells, l);
    count(r->report, outcome);
    note_known(r, number, l, outcome);
    show(r, number, l, outcome);
    return arena_check(work);
}

static struct fault *tell(const struct run *r)
{
    if (!r->options->progress)
        return NULL;
    return r->options->progress(r->options->progress_with, r->report->lines, table_bytes_read(r->file),
                                table_bytes_total(r->file));
}

/* What the file itself could not be read as. */
static struct fault *refuse_unread(struct run *r, int64_t number, struct fault *wrong)
{
    struct import_line nothing = {.arena = r->results};
    TRY(import_problem(&nothing, -1, NULL, wrong));
    refuse_line(r, number, NULL, &nothing);
    count(r->report, IMPORT_REFUSED);
    show(r, number, &nothing, IMPORT_REFUSED);
    return NULL;
}

static struct fault *all_lines(struct run *r)
{
    for (;;) {
        struct slice *cells = NULL;
        int64_t line = 0;
        bool more = false;
        if (r->options->most_lines && r->report->lines == r->options->most_lines)
            return NULL;
        struct fault *wrong = table_next(r->file, &cells, &line, &more);
        if (wrong && !more)
            return wrong;
        if (!wrong && !more)
            return NULL;
        r->report->lines++;
        TRY(wrong ? refuse_unread(r, line, wrong) : keep_line(r, line, cells));
        if (r->report->lines % PROGRESS_LINES == 0)
            TRY(tell(r));
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

/* Names as the importer sees them; no address for what this import itself made, which it may yet take back.
 */
static struct fault *name_known(struct run *r)
{
    struct import_report *report = r->report;
    const char **names = NULL;
    TRY(door_names(r->door, &organisation_type, r->known, report->known_count, &names));
    for (size_t i = 0; i < report->known_count; i++) {
        struct import_known *k = &report->known[i];
        if (!names[i])
            continue;
        k->name = kept(r->results, names[i]);
        if (r->known[i] < journal_batch(door_transaction(r->door))) /* ids grow */
            k->organisation = r->known[i];
    }
    return NULL;
}

static struct fault *finish(struct run *r)
{
    enum { MANY = 1000 };
    struct import_report *report = r->report;
    bool nothing = report->created + report->completed == 0;
    TRY(tell(r));
    TRY(name_known(r));
    report->unknown_terms = r->unknown.texts;
    report->unknown_term_count = r->unknown.count;
    if (r->options->dry_run || nothing || (r->options->strict && report->refused > 0))
        return NULL; /* the arena takes everything back */
    TRY(record_batch(r));
    if (report->created + report->completed >= MANY)
        TRY(rows_count_anew(door_transaction(r->door)));
    if (r->options->keeping)
        TRY(r->options->keeping(r->options->keeping_with, r->door, report));
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

struct fault *imports_run(struct door *d, struct table *file, const struct import_columns *columns,
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
    *report = (struct import_report){.refusals = r.refusals,
                                     .known = NEW(results, struct import_known, LIMIT_IMPORT_KNOWN)};
    TRY(import_own_door(d, work, &r.door));
    TRY(door_begin(r.door));
    TRY(import_terms_load(r.door, work, &r.terms));
    TRY(all_lines(&r));
    return finish(&r);
}

struct fault *imports_preview(struct door *d, struct table *file, const struct import_columns *columns,
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

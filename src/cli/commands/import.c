/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import.c - grappe import: a file of firms into a space, from the command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock/clock.h"
#include "command.h"
#include "i18n/i18n.h"
#include "imports/import_reading.h"
#include "imports/imports.h"
#include "options.h"
#include "text/json.h"

enum { MOST_MAPS = LIMIT_CSV_COLUMNS };

struct wishes {
    const char *file, *sheet, *space, *type;
    const char *maps[MOST_MAPS];
    int map_count;
    bool dry_run, strict, json, progress;
    int64_t undo;
};

static struct fault *read_map(char *typed, void *into)
{
    struct wishes *w = into;
    if (w->map_count == MOST_MAPS)
        return usage_fault(typed);
    w->maps[w->map_count++] = typed;
    return NULL;
}

static struct fault *read_batch(char *typed, void *into)
{
    int64_t *batch = into;
    return integer_parse(slice_of(typed), batch) && *batch > 0 ? NULL : usage_fault(typed);
}

static struct fault *read_wishes(int argc, char **argv, struct wishes *w)
{
    *w = (struct wishes){.type = "organisation", .progress = isatty(STDERR_FILENO)};
    const struct command_option options[] = {{"space", .text = &w->space},
                                             {"type", .text = &w->type},
                                             {"sheet", .text = &w->sheet},
                                             {"map", .read = read_map, .into = w},
                                             {"dry-run", .flag = &w->dry_run},
                                             {"strict", .flag = &w->strict},
                                             {"json", .flag = &w->json},
                                             {"progress", .flag = &w->progress},
                                             {"undo", .read = read_batch, .into = &w->undo}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&w->file, NULL}));
    if (!w->space)
        return missing_fault("--space");
    return w->undo || w->file ? NULL : usage_fault(tr("no file"));
}

/* --- progress -------------------------------------------------------------------------------------- */

struct pace {
    int64_t started_us, shown_us;
};

static struct fault *show_progress(void *with, int64_t lines, int64_t bytes, int64_t total)
{
    struct pace *p = with;
    int64_t now = monotonic_us(), spent = now - p->started_us;
    if (now - p->shown_us < SECOND_US / 5 && bytes != total)
        return NULL;
    p->shown_us = now;
    ARENA_SCOPE(work);
    const char *rate = integer_print(work, spent > 0 ? lines * SECOND_US / spent : lines);
    (void)fputc('\r', stderr);
    if (total > 0)
        (void)fprintf(stderr, tr("%3d %%, %s lines, %s lines/s"), (int)(100 * bytes / total),
                      integer_print(work, lines), rate);
    else
        (void)fprintf(stderr, tr("%s lines, %s lines/s"), integer_print(work, lines), rate);
    (void)fflush(stderr);
    return NULL;
}

/* --- report ---------------------------------------------------------------------------------------- */

static const char *target_name(const struct import_columns *m, int column)
{
    int field = m->field[column];
    return field < 0 ? tr("left out") : tr(import_field_at((size_t)field).label);
}

/* To standard error: what was understood of the columns. */
static void show_columns(const struct table *c, const struct import_columns *m)
{
    if (table_sheet(c))
        (void)fprintf(stderr, tr("Sheet %s\n"), table_sheet(c));
    if (m->remembered)
        (void)fprintf(stderr, "%s\n", tr("Columns as confirmed for the last file of this kind."));
    if (m->format)
        (void)fprintf(stderr, "%s\n", tr("A file of the national register: its columns are known."));
    for (int i = 0; i < m->columns; i++)
        if (m->field[i] >= 0 || !m->format)
            (void)fprintf(stderr, "  %s → %s\n", table_column(c, i), target_name(m, i));
}

static void print_counts(struct arena *a, const struct import_report *r)
{
    const struct {
        const char *label;
        int64_t count;
    } rows[] = {{N_("Lines read"), r->lines},
                {N_("Organisations added"), r->created},
                {N_("Organisations completed"), r->completed},
                {N_("Already complete"), r->unchanged},
                {N_("Lines of the past, passed over"), r->passed_over},
                {N_("Lines refused"), r->refused},
                {N_("Sites added"), r->sites},
                {N_("Know-how added"), r->capabilities},
                {N_("Certificates added"), r->certificates},
                {N_("Contacts added"), r->people}};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].count || i == 0)
            (void)printf("%8s  %s\n", integer_print(a, rows[i].count), tr(rows[i].label));
}

static void print_known(struct arena *a, const struct import_report *r)
{
    int64_t others = r->completed + r->unchanged - (int64_t)r->known_count;
    for (size_t i = 0; i < r->known_count; i++)
        (void)printf(tr("Line %lld recognised: %s\n"), (long long)r->known[i].line, r->known[i].name);
    if (others > 0)
        (void)printf(tr("… and %s more lines recognised.\n"), integer_print(a, others));
}

static void print_report(struct arena *a, const struct wishes *w, const struct import_report *r)
{
    print_counts(a, r);
    for (size_t i = 0; i < r->refusal_count; i++) {
        const struct import_refusal *f = &r->refusals[i];
        const char *where =
            *f->column ? arena_print(a, " (%s%s%s)", f->column, *f->given ? ", " : "", f->given) : "";
        (void)printf(tr("Line %lld refused%s: %s\n"), (long long)f->line, where, f->reason);
    }
    if (r->refused > r->refused_told)
        (void)printf(tr("… and %s more lines refused.\n"), integer_print(a, r->refused - r->refused_told));
    print_known(a, r);
    for (size_t i = 0; i < r->unknown_term_count; i++)
        (void)printf("%s%s%s", i ? ", " : tr("Words no taxonomy knows: "), r->unknown_terms[i],
                     i + 1 == r->unknown_term_count ? "\n" : "");
    if (r->done)
        (void)printf(tr("To take it back: grappe import --undo %lld --space %s\n"), (long long)r->batch,
                     w->space);
    else if (w->dry_run)
        (void)printf("%s\n", tr("Dry run: nothing was changed."));
}

static void write_refusals(struct json *j, const struct import_report *r)
{
    json_put_key(j, "refusals");
    json_begin_array(j);
    for (size_t i = 0; i < r->refusal_count; i++) {
        json_begin_object(j);
        json_put_key(j, "line");
        json_put_integer(j, r->refusals[i].line);
        json_put_key(j, "column");
        json_put_text(j, r->refusals[i].column);
        json_put_key(j, "given");
        json_put_text(j, r->refusals[i].given);
        json_put_key(j, "reason");
        json_put_text(j, r->refusals[i].reason);
        json_end(j);
    }
    json_end(j);
}

static void write_known(struct json *j, const struct import_report *r)
{
    json_put_key(j, "known");
    json_begin_array(j);
    for (size_t i = 0; i < r->known_count; i++) {
        const struct import_known *k = &r->known[i];
        json_begin_object(j);
        json_put_key(j, "line");
        json_put_integer(j, k->line);
        json_put_key(j, "organisation");
        if (k->organisation)
            json_put_id(j, k->organisation);
        else
            json_put_null(j);
        json_put_key(j, "name");
        json_put_text(j, k->name);
        json_end(j);
    }
    json_end(j);
}

static void write_columns(struct json *j, const struct table *c, const struct import_columns *m)
{
    json_put_key(j, "columns");
    json_begin_object(j);
    for (int i = 0; i < m->columns; i++) {
        json_put_key(j, table_column(c, i));
        json_put_text(j, m->field[i] >= 0                 ? import_field_at((size_t)m->field[i]).key
                         : m->field[i] == IMPORT_OFFICIAL ? "register"
                                                          : NULL);
    }
    json_end(j);
}

static struct fault *print_json(struct arena *a, const struct table *c, const struct import_columns *m,
                                const struct import_report *r)
{
    const struct {
        const char *key;
        int64_t count;
    } counts[] = {
        {"lines", r->lines},         {"created", r->created},           {"completed", r->completed},
        {"unchanged", r->unchanged}, {"passed_over", r->passed_over},   {"refused", r->refused},
        {"sites", r->sites},         {"capabilities", r->capabilities}, {"certificates", r->certificates},
        {"people", r->people}};
    struct buffer *b = buffer_new(a, 16 * MIB);
    struct json j = json_writer(b);
    json_begin_object(&j);
    json_put_key(&j, "done");
    json_put_bool(&j, r->done);
    json_put_key(&j, "batch");
    if (r->done)
        json_put_id(&j, r->batch);
    else
        json_put_null(&j);
    for (size_t i = 0; i < COUNT(counts); i++) {
        json_put_key(&j, counts[i].key);
        json_put_integer(&j, counts[i].count);
    }
    write_columns(&j, c, m);
    write_refusals(&j, r);
    write_known(&j, r);
    json_put_key(&j, "unknown_terms");
    json_begin_array(&j);
    for (size_t i = 0; i < r->unknown_term_count; i++)
        json_put_text(&j, r->unknown_terms[i]);
    json_end(&j);
    json_end(&j);
    TRY(buffer_check(b));
    (void)printf("%s\n", buffer_string(b));
    return NULL;
}

/* --- the command ----------------------------------------------------------------------------------- */

struct opened {
    struct space *space;
    bool made; /* by this command, and nothing is in it yet: it goes again */
};

static void close_space(void *thing)
{
    struct opened *o = thing;
    (o->made ? space_discard : space_close)(o->space);
}

/* Made when it is not there, except for a trial. */
static struct fault *open_space(struct arena *a, const struct wishes *w, struct opened **out)
{
    struct opened *o = *out = NEW(a, struct opened, 1);
    struct fault *failed = space_open(w->space, &o->space);
    if (failed && failed->code == FAULT_NOT_FOUND && !w->dry_run && !w->undo) {
        failed = space_create(w->space, &o->space);
        o->made = !failed;
    }
    if (!failed)
        arena_defer(a, close_space, o);
    return failed;
}

static struct fault *undo(struct arena *a, const struct wishes *w)
{
    struct opened *opened = NULL;
    struct door *door = NULL;
    TRY(open_space(a, w, &opened));
    TRY(door_open_program(opened->space, a, &door));
    TRY(imports_undo(door, w->undo, NULL));
    TRY(space_seal(opened->space));
    (void)printf(tr("Import %lld was taken back.\n"), (long long)w->undo);
    return NULL;
}

static struct fault *verdict(const struct wishes *w, const struct import_report *r)
{
    if (w->strict && r->refused > 0)
        return fault(FAULT_INVALID, "Nothing was imported: with --strict, one refused line keeps all out.");
    if (r->lines == 0)
        return fault(FAULT_INVALID, "Nothing was imported: the file has a header and no line.");
    if (r->refused > 0 && r->created + r->completed + r->unchanged == 0)
        return fault(FAULT_INVALID, "Nothing was imported: every line was refused.");
    return NULL;
}

static struct fault *bring_in(struct arena *a, const struct wishes *w)
{
    struct table *file = NULL;
    struct opened *opened = NULL;
    struct door *door = NULL;
    struct import_columns columns;
    struct import_report report;
    TRY(table_open(a, w->file, w->sheet, &file));
    TRY(open_space(a, w, &opened));
    TRY(door_open_program(opened->space, a, &door));
    TRY(imports_guess(door, file, w->type, &columns));
    for (int i = 0; i < w->map_count; i++)
        TRY(imports_map(a, file, &columns, w->maps[i]));
    show_columns(file, &columns);
    struct pace pace = {.started_us = monotonic_us()};
    const char *slash = strrchr(w->file, '/');
    struct import_options options = {.file = slash ? slash + 1 : w->file,
                                     .dry_run = w->dry_run,
                                     .strict = w->strict,
                                     .progress = w->progress ? show_progress : NULL,
                                     .progress_with = &pace};
    TRY(import_reading(door, &options));
    TRY(imports_run(door, file, &columns, &options, &report));
    if (w->progress)
        (void)fputc('\n', stderr);
    if (report.done) {
        if (opened->made)
            (void)fprintf(stderr, tr("New space: %s\n"), w->space);
        opened->made = false;
        TRY(space_seal(opened->space));
    }
    if (w->json)
        TRY(print_json(a, file, &columns, &report));
    else
        print_report(a, w, &report);
    return verdict(w, &report);
}

static struct fault *import(struct arena *a, int argc, char **argv)
{
    struct wishes w;
    TRY(read_wishes(argc, argv, &w));
    return w.undo ? undo(a, &w) : bring_in(a, &w);
}

const struct command import_command = {
    .name = "import",
    .summary = N_("Bring a file of firms into a space, or take it back"),
    .help = N_(
        "grappe import FILE --space SPACE.db [--type organisation] [--sheet NAME] [--map COLUMN=FIELD]…\n"
        "              [--dry-run] [--strict] [--json] [--progress]\n"
        "grappe import --undo BATCH --space SPACE.db\n\n"
        "FILE is a workbook (.xlsx), a CSV as spreadsheets write it (any separator, UTF-8, UTF-16 or\n"
        "Windows-1252), or a file of the national register as it is published; \"-\" is a CSV on standard "
        "input.\n"
        "A space that is not there is made.\n"
        "Columns are recognised by their names; --map says what was not, \"--map COLUMN=\" leaves one out.\n"
        "A firm that is there already (SIRET, SIREN, foreign registration, name and commune) is completed:\n"
        "nothing is overwritten. Refused lines are listed with their reason and the others go in, in one\n"
        "transaction; with --strict one refused line keeps everything out.\n\n"
        "  --sheet     the sheet of a workbook, by name or number; its first visible one unless told\n"
        "  --dry-run   say what would happen, change nothing\n"
        "  --json      the report as JSON\n"
        "  --progress  show progress even when standard error is not a terminal\n"
        "  --undo      take an import back; refused, with names, when its records were changed since\n\n"
        "Exit: 0 done, 65 nothing could be imported, 64 not understood.\n\n"
        "Example: grappe import adherents.csv --space federation.db --map \"Ce que nous faisons=know_how\""),
    .run = import,
};

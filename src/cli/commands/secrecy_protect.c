/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secrecy_protect.c - `grappe secrecy protect`: a table out of bare data, with what must not be known hidden,
 * attacked before anybody sees it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "command.h"
#include "commands/secrecy_files.h"
#include "commands/secrecy_log.h"
#include "files/files.h"
#include "i18n/i18n.h"
#include "options.h"
#include "record/record.h"
#include "rows.h"
#include "secrecy/audit.h"
#include "secrecy/optimum.h"
#include "secrecy/protect.h"
#include "table/table.h"
#include "words/words.h"

struct publication {
    struct arena *arena;
    const char *path, *dims, *value, *unit, *group, *period, *log_path, *audit_path;
    enum secrecy_profile profile;
    bool by_cells, json, integers, counts_public;
    struct time_limit limit;
    struct secrecy_trees trees;
    char **hierarchies;
    size_t hierarchy_count, hierarchy_capacity;

    struct secrecy_data data;
    struct secrecy_rules rules;
    struct secrecy_model *model; /* with needs as the solver is told them */
    struct secrecy_model truth;  /* with needs as they are */
    int32_t *cell_of;
    int32_t *place_of;  /* of each cell: the first place that shows it */
    size_t cells, sums; /* of the table; what comes after is differences */
    struct secrecy_holdings holdings;
    struct secrecy_set *sets;
    struct secrecy_log log;
    struct secrecy_pattern pattern;
    double bound; /* no pattern that is safe from outsiders and insiders is cheaper */
    struct secrecy_audit audit;
    const int32_t *audited; /* of each cell of the audit's model: the truth's */
};

/* --- options --------------------------------------------------------------------------------------- */

static struct fault *keep_hierarchy(char *typed, void *into)
{
    struct publication *p = into;
    *PUSH(p->arena, p->hierarchies, p->hierarchy_count, p->hierarchy_capacity) = typed;
    return NULL;
}

static struct fault *read_profile(char *typed, void *into)
{
    static const char *const names[] = {
        [SECRECY_FIRMS] = "firms", [SECRECY_SURVEY] = "survey", [SECRECY_FISCAL] = "fiscal"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], typed) == 0) {
            *(enum secrecy_profile *)into = (enum secrecy_profile)i;
            return NULL;
        }
    return usage_fault(typed);
}

static struct fault *read_cost(char *typed, void *into)
{
    *(bool *)into = strcmp(typed, "cells") == 0;
    return *(bool *)into || strcmp(typed, "value") == 0 ? NULL : usage_fault(typed);
}

static struct fault *read_seconds(char *typed, void *into)
{
    return real_parse(slice_of(typed), into) && *(double *)into > 0 ? NULL : usage_fault(typed);
}

static struct fault *name_trees(struct publication *p)
{
    struct slice rest = slice_of(p->dims), name;
    while (slice_cut(&rest, ',', &name))
        TRY(secrecy_tree_name(p->arena, &p->trees, arena_text(p->arena, name.ptr, name.len)));
    size_t dimensions = p->trees.count;
    for (size_t i = 0; i < p->hierarchy_count; i++) {
        TRY(secrecy_tree_name(p->arena, &p->trees, p->hierarchies[i]));
        if (p->trees.count > dimensions)
            return fault(FAULT_INVALID, "%s: there is no such dimension.", p->hierarchies[i]);
    }
    for (size_t d = 0; d < p->trees.count; d++)
        TRY(secrecy_tree_read(p->arena, &p->trees, d));
    return NULL;
}

/* --- the table ------------------------------------------------------------------------------------- */

static int by_unit(const void *a, const void *b)
{
    const struct secrecy_member *x = a, *y = b;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static struct secrecy_set set_of(struct publication *p, size_t place)
{
    const struct secrecy_lines *l = &p->data.lines;
    size_t first = p->holdings.from[place], count = p->holdings.from[place + 1] - first, kept = 0;
    struct secrecy_member *members = NEW(p->arena, struct secrecy_member, count + 1);
    for (size_t i = 0; i < count; i++) {
        int32_t line = p->holdings.line[first + i];
        members[i] = (struct secrecy_member){l->unit[line], l->group[line], l->natural[line], l->value[line]};
    }
    qsort(members, count, sizeof *members, by_unit);
    for (size_t i = 0; i < count; i++)
        if (kept && members[kept - 1].unit == members[i].unit)
            members[kept - 1].value += members[i].value;
        else
            members[kept++] = members[i];
    return (struct secrecy_set){.at = members, .count = kept};
}

static struct fault *tabulate(struct publication *p)
{
    p->rules = (struct secrecy_rules){p->profile, p->data.digit};
    p->cell_of = NEW(p->arena, int32_t, p->trees.layout.places);
    TRY(secrecy_tabulate(p->arena, &p->trees.layout, &p->data.lines, p->rules, &p->model, p->cell_of,
                         &p->holdings));
    p->cells = p->model->count;
    p->sums = p->model->equation_count;
    p->place_of = NEW(p->arena, int32_t, p->cells + 1);
    for (size_t place = p->trees.layout.places; place-- > 0;)
        if (p->cell_of[place] != SECRECY_NO_CELL)
            p->place_of[p->cell_of[place]] = (int32_t)place;
    for (size_t i = 0; i < p->cells && p->by_cells; i++)
        p->model->cells[i].weight = 1;
    if (!p->log_path)
        return NULL;
    p->sets = NEW(p->arena, struct secrecy_set, p->cells + 1);
    for (size_t i = 0; i < p->cells; i++)
        p->sets[i] = set_of(p, (size_t)p->place_of[i]);
    secrecy_add_differences(p->model, &p->rules, p->sets, p->cells, p->log.sets, p->log.count);
    return arena_check(p->arena);
}

static bool in_time(void *with)
{
    const struct publication *p = with;
    return time_left(&p->limit);
}

/* Steps that the time limit stands for: about a third of what an ordinary machine does, so that they run out
 * before the clock does, and a run repeats. */
static uint64_t steps_of(const struct publication *p)
{
    static const double steps_a_second = 5e7;
    return (uint64_t)fmin(1e18, 1 + p->limit.seconds * steps_a_second);
}

/* How far the bound hides each cell; NULL when there is none: protecting says why. */
static const double *guide_of(struct publication *p)
{
    struct secrecy_optimum optimum;
    p->bound = 0;
    if (secrecy_find_optimum(p->arena, p->model,
                             (struct secrecy_optimum_options){
                                 .insiders = true, .budget = steps_of(p) / 2, .go_on = in_time, .with = p},
                             &optimum))
        return NULL;
    p->bound = optimum.bound;
    return optimum.share;
}

static struct fault *protect(struct publication *p)
{
    enum { FEW_CELLS = 400 };
    struct fault *f = secrecy_protect(p->arena, p->model,
                                      (struct secrecy_options){.rules = p->rules,
                                                               .insiders = true,
                                                               .residuals = true,
                                                               .guide = guide_of(p),
                                                               .tries = p->cells <= FEW_CELLS ? 10 : 3,
                                                               .budget = steps_of(p),
                                                               .go_on = in_time,
                                                               .with = p},
                                      &p->pattern);
    if (!f || f->code != FAULT_INVALID || p->pattern.exposed == SECRECY_NO_CELL)
        return f;
    int32_t cell = p->pattern.exposed; /* a difference is named by the cell it is with */
    for (size_t e = p->sums; (size_t)cell >= p->cells && e < p->model->equation_count; e++) {
        const struct secrecy_equation *q = &p->model->equations[e];
        if (q->parts[q->count - 1] == cell)
            cell = q->count > 1 ? q->parts[0] : q->total;
    }
    return fault(FAULT_INVALID, "%s cannot be protected: %s gives it away.",
                 (size_t)cell < p->cells ? secrecy_place_name(p->arena, &p->trees, (size_t)p->place_of[cell])
                                         : "",
                 p->log_path ? p->log_path : p->path);
}

/* --- out ------------------------------------------------------------------------------------------- */

static size_t units_of(const struct publication *p, int32_t cell)
{
    int32_t units = 0;
    for (size_t i = 0; i < p->model->cells[cell].share_count; i++)
        units += p->model->cells[cell].shares[i].units;
    return (size_t)units;
}

static struct rows_out write_table(struct publication *p, bool json)
{
    const char **columns = NEW(p->arena, const char *, SECRECY_DIMENSIONS + 4);
    for (size_t d = 0; d < p->trees.count; d++)
        columns[d] = p->trees.at[d].column;
    columns[p->trees.count] = "value";
    columns[p->trees.count + 1] = "count";
    columns[p->trees.count + 2] = "status";
    struct rows_out out = rows_out_start(buffer_new(p->arena, (size_t)1 << 30), "cells", columns, json);
    for (size_t place = 0; place < p->trees.layout.places; place++) {
        int32_t cell = p->cell_of[place];
        enum secrecy_status status = cell == SECRECY_NO_CELL   ? SECRECY_EMPTY
                                     : p->pattern.hidden[cell] ? SECRECY_HIDDEN
                                                               : SECRECY_PUBLISHED;
        for (size_t d = 0; d < p->trees.count; d++)
            rows_out_text(&out, secrecy_node_name(&p->trees, place, d));
        rows_out_number(&out, status == SECRECY_PUBLISHED ? p->model->cells[cell].value : NAN);
        rows_out_number(&out, p->counts_public && cell != SECRECY_NO_CELL ? (double)units_of(p, cell) : NAN);
        rows_out_text(&out, slice_of(secrecy_status_names[status]));
    }
    return out;
}

/* What an outsider reads in the table, and of each cell there the true one. */
static struct fault *read_again(struct publication *p, struct slice written, struct secrecy_publication *out)
{
    struct table *t = NULL;
    struct secrecy_published published;
    size_t places = p->trees.layout.places;
    bool *hidden;
    int32_t *cell_of = NEW(p->arena, int32_t, places),
            *truth_of = NEW(p->arena, int32_t, places + p->model->count);
    TRY(table_open_bytes(p->arena, written, NULL, &t));
    TRY(secrecy_published_read(p->arena, t, tr("the table"), &p->trees, &published));
    struct secrecy_model *m =
        secrecy_published_model(p->arena, &p->trees.layout, &published, cell_of, &hidden);
    for (size_t place = 0; place < places; place++)
        if (cell_of[place] != SECRECY_NO_CELL) {
            const struct secrecy_cell *is = &m->cells[cell_of[place]];
            if (p->cell_of[place] == SECRECY_NO_CELL)
                return fault(FAULT_BUG, "The table shows a cell that is empty.");
            truth_of[cell_of[place]] = p->cell_of[place];
            if (!hidden[cell_of[place]] && is->value != p->truth.cells[p->cell_of[place]].value)
                return fault(FAULT_BUG, "The table shows a value that is not so.");
        }
    bool *with = NEW(p->arena, bool, m->count + p->model->count); /* what earlier publications add */
    memcpy(with, hidden, m->count * sizeof *hidden);
    int32_t first = (int32_t)m->count; /* of differences, in their order */
    for (size_t i = p->cells; i < p->truth.count; i++) {
        with[m->count] = true;
        truth_of[secrecy_add_cell(m, secrecy_plain_cell(0))] = (int32_t)i;
    }
    for (size_t e = p->sums; e < p->truth.equation_count; e++) {
        const struct secrecy_equation *q = &p->truth.equations[e];
        int32_t between = q->parts[q->count - 1], shown = q->count > 1 ? q->parts[0] : q->total;
        int32_t parts[] = {cell_of[p->place_of[shown]], (size_t)between < p->cells
                                                            ? cell_of[p->place_of[between]]
                                                            : first + between - (int32_t)p->cells};
        secrecy_add_equation(m, q->count > 1 ? SECRECY_NO_CELL : parts[0], q->count > 1 ? parts : parts + 1,
                             q->count, q->constant);
    }
    p->audited = truth_of;
    *out = (struct secrecy_publication){.model = m,
                                        .hidden = with,
                                        .truth = &p->truth,
                                        .truth_of = truth_of,
                                        .rules = p->rules,
                                        .insiders = true,
                                        .residuals = true,
                                        .integers = p->integers};
    return NULL;
}

/* Protected, attacked, and protected better where an attacker came too near: counts can be told closer than
 * the solver thinks. */
static struct fault *protect_and_audit(struct publication *p)
{
    enum { ROUNDS = 6 };
    p->truth = *p->model;
    p->truth.cells = NEW(p->arena, struct secrecy_cell, p->model->count + 1);
    memcpy(p->truth.cells, p->model->cells, p->model->count * sizeof *p->model->cells);
    for (int round = 0; round < ROUNDS; round++) {
        struct secrecy_publication seen;
        TRY(protect(p));
        struct rows_out plain = write_table(p, false);
        TRY(buffer_check(plain.json.out));
        TRY(read_again(p, buffer_view(plain.json.out), &seen));
        TRY(secrecy_audit(p->arena, &seen, &p->audit));
        if (!p->audit.broken)
            return NULL;
        for (size_t i = 0; i < p->audit.count; i++)
            if (p->audit.findings[i].slack < -1e-6) {
                struct secrecy_cell *c = &p->model->cells[p->audited[p->audit.findings[i].cell]];
                c->up += 2 * p->rules.digit;
                c->down = fmin(c->value, c->down + 2 * p->rules.digit);
            }
    }
    return fault(FAULT_BUG, "An attacker finds %zu secrets in the table: nothing is published.",
                 p->audit.broken);
}

/* --- audit and log --------------------------------------------------------------------------------- */

static void write_finding(struct publication *p, struct json *j, const struct secrecy_finding *f)
{
    static const char *const attackers[] = {
        [SECRECY_OUTSIDER] = "outsider", [SECRECY_INSIDER] = "insider", [SECRECY_RESIDUAL] = "residual"};
    int32_t cell = p->audited[f->cell];
    const struct secrecy_cell *c = &p->truth.cells[cell];
    struct secrecy_need need = secrecy_need_of(p->rules, c->shares, c->share_count, c->value);
    struct vocabulary *groups = p->log.groups;
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"value", c->value}, {"up", c->up}, {"down", c->down}, {"min", f->low}, {"max", f->high}};
    json_begin_object(j);
    json_put_key(j, "cell");
    json_put_text(j, (size_t)cell < p->cells
                         ? secrecy_place_name(p->arena, &p->trees, (size_t)p->place_of[cell])
                         : "(difference)");
    json_put_key(j, "reason");
    json_put_text(j, need.few ? "few" : "dominant");
    for (size_t i = 0; i < COUNT(numbers); i++) {
        json_put_key(j, numbers[i].key);
        json_put_real(j, numbers[i].value);
    }
    json_put_key(j, "attacker");
    json_put_text(j, attackers[f->attacker]);
    if (f->insider != SECRECY_NOBODY) {
        json_put_key(j, "insider");
        json_put_slice(j, vocabulary_text(groups, (uint32_t)f->insider));
    }
    json_end(j);
}

static struct fault *write_audit(struct publication *p)
{
    if (!p->audit_path)
        return NULL;
    struct buffer *out = buffer_new(p->arena, (size_t)1 << 30);
    struct json j = json_writer(out);
    json_begin_object(&j);
    json_put_key(&j, "loss");
    json_put_real(&j, p->pattern.cost);
    json_put_key(&j, "bound");
    json_put_real(&j, p->bound);
    json_put_key(&j, "secondary");
    json_put_integer(&j, (int64_t)p->pattern.secondary);
    json_put_key(&j, "minimal");
    json_put_bool(&j, p->pattern.minimal);
    json_put_key(&j, "seconds");
    json_put_real(&j, (double)(monotonic_us() - p->limit.began_us) / 1e6);
    json_put_key(&j, "cells");
    json_begin_array(&j);
    for (size_t i = 0; i < p->audit.count; i++)
        write_finding(p, &j, &p->audit.findings[i]);
    json_end(&j);
    json_end(&j);
    buffer_char(out, '\n');
    TRY(buffer_check(out));
    return file_write(p->arena, p->audit_path, buffer_view(out));
}

static struct fault *write_log(struct publication *p)
{
    if (!p->log_path)
        return NULL;
    struct secrecy_log_entry *entries = NEW(p->arena, struct secrecy_log_entry, p->cells + 1);
    size_t count = 0;
    for (size_t i = 0; i < p->cells; i++)
        if (p->sets[i].count) {
            p->sets[i].hidden = p->pattern.hidden[i];
            p->sets[i].value = p->model->cells[i].value;
            entries[count++] = (struct secrecy_log_entry){
                secrecy_place_name(p->arena, &p->trees, (size_t)p->place_of[i]), &p->sets[i]};
        }
    return secrecy_log_append(p->arena, &p->log, entries, count);
}

/* --- command --------------------------------------------------------------------------------------- */

static struct fault *read_everything(struct publication *p)
{
    struct table *t = NULL;
    struct secrecy_columns columns = {
        .value = p->value, .unit = p->unit, .group = p->group, .natural = p->profile == SECRECY_FISCAL};
    TRY(name_trees(p));
    TRY(table_open(p->arena, p->path, NULL, &t));
    TRY(secrecy_data_read(p->arena, t, p->path, &p->trees, columns, &p->data));
    p->log = (struct secrecy_log){.path = p->log_path,
                                  .variable = p->value ? p->value : "count",
                                  .period = p->period ? p->period : "",
                                  .units = p->data.units,
                                  .groups = p->group ? p->data.groups : p->data.units};
    return p->log_path ? secrecy_log_read(p->arena, &p->log) : NULL;
}

static struct fault *publish(struct publication *p)
{
    size_t hidden = 0;
    struct rows_out out = write_table(p, p->json);
    for (size_t place = 0; place < p->trees.layout.places; place++)
        hidden += p->cell_of[place] != SECRECY_NO_CELL && p->pattern.hidden[p->cell_of[place]];
    TRY(write_audit(p));
    TRY(write_log(p));
    if (!p->pattern.minimal)
        (void)fprintf(stderr, "%s\n", tr("Time ran out: more is hidden than must be."));
    return rows_out_finish(
        &out, arena_print(p->arena, tr("%zu of %zu cells are hidden; no attacker comes too near to one."),
                          hidden, p->trees.layout.places));
}

static struct fault *protect_run(struct arena *a, int argc, char **argv)
{
    struct publication p = {.arena = a, .limit = {.seconds = 10, .began_us = monotonic_us()}};
    const struct command_option options[] = {{"dims", .text = &p.dims},
                                             {"hierarchy", .read = keep_hierarchy, .into = &p},
                                             {"value", .text = &p.value},
                                             {"unit", .text = &p.unit},
                                             {"group", .text = &p.group},
                                             {"profile", .read = read_profile, .into = &p.profile},
                                             {"period", .text = &p.period},
                                             {"published", .text = &p.log_path},
                                             {"cost", .read = read_cost, .into = &p.by_cells},
                                             {"time-limit", .read = read_seconds, .into = &p.limit.seconds},
                                             {"audit", .text = &p.audit_path},
                                             {"integers", .flag = &p.integers},
                                             {"counts-public", .flag = &p.counts_public},
                                             {"json", .flag = &p.json}};
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&p.path, tr("no file")}));
    if (!p.dims)
        return missing_fault("--dims");
    if (!p.unit)
        return missing_fault("--unit");
    TRY(read_everything(&p));
    TRY(tabulate(&p));
    TRY(protect_and_audit(&p));
    return publish(&p);
}

const struct command secrecy_protect_command = {
    .name = "secrecy protect",
    .summary = N_("Make a table of bare data and hide what must not be known"),
    .help = N_(
        "grappe secrecy protect DATA.csv --dims COLUMN,COLUMN --unit COLUMN [--value COLUMN] [--group "
        "COLUMN]\n"
        "                       [--hierarchy COLUMN=FILE.csv]… [--profile firms|survey|fiscal]\n"
        "                       [--period TEXT] [--published LOG.jsonl] [--cost value|cells]\n"
        "                       [--time-limit SECONDS] [--audit AUDIT.json] [--integers]\n"
        "                       [--counts-public] [--json]\n\n"
        "Adds up the values of DATA.csv by one to three dimensions and their hierarchies (columns child,\n"
        "parent and perhaps zoning), and hides what would tell of fewer than three groups, or of one with\n"
        "more than 85 in 100 of a value; and as much more as keeps these from being computed, by an "
        "outsider\n"
        "or by those who know their own. The table is attacked before it is written; exit code 65 and no\n"
        "table when an earlier publication gives something away.\n\n"
        "  --group         the column of the head a unit belongs to\n"
        "  --profile       survey: fewer than 5 answers; fiscal: fewer than 11 units with a person among\n"
        "                  them (column natural: 0 or 1), or 85 in 100\n"
        "  --published     what was published before, of the same --value and --period; this is added\n"
        "  --cost          hide little value, or few cells\n"
        "  --audit         what each secret needs, and how near the best attacker comes: keep it secret\n"
        "  --integers      the attacker knows that values are counts\n"
        "  --counts-public print how many units a cell has, hidden or not\n\n"
        "Example: grappe secrecy protect jobs.csv --dims commune,naf --hierarchy commune=geo.csv --value "
        "jobs\n"
        "         --unit siret --group siren"),
    .run = protect_run,
};

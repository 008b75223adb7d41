/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* secrecy_attack.c - `grappe secrecy attack`: what anybody can compute of the cells that a table hides. */
#include <math.h>
#include <string.h>

#include "command.h"
#include "commands/secrecy_files.h"
#include "commands/secrecy_log.h"
#include "i18n/i18n.h"
#include "options.h"
#include "record/record.h"
#include "rows.h"
#include "secrecy/attack.h"
#include "table/table.h"
#include "words/words.h"

struct typed_words {
    struct arena *arena;
    char **at;
    size_t count, capacity;
};

struct attack {
    struct arena *arena;
    const char *path, *log_path;
    bool json, integers;
    struct typed_words hierarchies, known;
    struct secrecy_trees trees;
    struct secrecy_published published;
    struct secrecy_model *model;
    int32_t *cell_of;
    bool *hidden;
};

static struct fault *keep_word(char *typed, void *into)
{
    struct typed_words *w = into;
    *PUSH(w->arena, w->at, w->count, w->capacity) = typed;
    return NULL;
}

/* Dimensions are the columns that are not the answer's own, in their order. */
static struct fault *name_trees(struct attack *k, const struct table *t)
{
    static const char *const own[] = {"value", "count", "status"};
    for (int c = 0; c < table_columns(t); c++) {
        bool dimension = true;
        for (size_t i = 0; i < COUNT(own); i++)
            dimension &= table_column_find(t, own[i]) != c;
        if (dimension)
            TRY(secrecy_tree_name(k->arena, &k->trees, table_column(t, c)));
    }
    size_t columns = k->trees.count;
    for (size_t i = 0; i < k->hierarchies.count; i++) {
        TRY(secrecy_tree_name(k->arena, &k->trees, k->hierarchies.at[i]));
        if (k->trees.count > columns)
            return fault(FAULT_INVALID, "%s, line 1: there is no column for \"%s\".", k->path,
                         k->hierarchies.at[i]);
    }
    for (size_t d = 0; d < k->trees.count; d++)
        TRY(secrecy_tree_read(k->arena, &k->trees, d));
    return NULL;
}

static int32_t cell_named(const struct attack *k, const char *name)
{
    size_t place = 0;
    return secrecy_place_find(&k->trees, slice_of(name), &place) ? SECRECY_NO_CELL : k->cell_of[place];
}

/* The last publication in the log must be the table's own: it tells who is in which cell. Its entries have
 * one time, and no cell comes twice. Returns where it begins; what stands before was published before. */
static size_t own_entries(const struct attack *k, const struct secrecy_log *log, struct secrecy_set *sets)
{
    size_t first = log->count;
    for (; first > 0 && strcmp(log->namings[first - 1].time, log->namings[log->count - 1].time) == 0;
         first--) {
        const struct secrecy_set *set = &log->sets[first - 1];
        int32_t cell = cell_named(k, log->namings[first - 1].cell);
        if (cell == SECRECY_NO_CELL || sets[cell].count)
            break;
        if (set->hidden != k->hidden[cell] || (!set->hidden && set->value != k->model->cells[cell].value))
            return log->count; /* of another table */
        sets[cell] = *set;
    }
    return first;
}

/* What was published before becomes known, and how it differs from the table. */
static struct fault *remember(struct attack *k)
{
    struct secrecy_log log = {
        .path = k->log_path, .units = vocabulary_new(k->arena), .groups = vocabulary_new(k->arena)};
    size_t cells = k->model->count;
    struct secrecy_set *sets = NEW(k->arena, struct secrecy_set, cells + 1);
    TRY(secrecy_log_read(k->arena, &log));
    size_t before = own_entries(k, &log, sets);
    if (before == log.count)
        return fault(FAULT_INVALID, "%s: the last publication is not that of %s.", k->log_path, k->path);
    secrecy_add_differences(k->model, NULL, sets, cells, log.sets, before);
    bool *hidden = NEW(k->arena, bool, k->model->count + 1);
    for (size_t i = 0; i < k->model->count; i++)
        hidden[i] = i >= cells || (k->hidden[i] && !k->model->cells[i].known);
    k->hidden = hidden;
    return arena_check(k->arena);
}

/* "Mo/A=40" */
static struct fault *learn(struct attack *k, struct attacker *attacker, const char *typed)
{
    const char *equals = strrchr(typed, '=');
    double value = 0;
    size_t place = 0;
    if (!equals || !real_parse(slice_of(equals + 1), &value) || value < 0)
        return usage_fault(typed);
    TRY(secrecy_place_find(&k->trees, (struct slice){typed, (size_t)(equals - typed)}, &place));
    if (k->cell_of[place] != SECRECY_NO_CELL)
        attacker_learn(attacker, k->cell_of[place], value);
    return NULL;
}

static struct fault *print_bounds(struct attack *k, struct attacker *attacker)
{
    static const char *const columns[] = {"cell", "min", "max", "width", NULL};
    struct rows_out out = rows_out_start(buffer_new(k->arena, (size_t)1 << 30), "cells", columns, k->json);
    size_t exact = 0, hidden = 0;
    for (size_t place = 0; place < k->trees.layout.places; place++) {
        double low = 0, high = 0;
        if (k->published.status[place] != SECRECY_HIDDEN)
            continue;
        TRY(attacker_bounds(attacker, k->cell_of[place], &low, &high));
        rows_out_text(&out, slice_of(secrecy_place_name(k->arena, &k->trees, place)));
        rows_out_number(&out, low);
        rows_out_number(&out, high);
        rows_out_number(&out, high - low);
        hidden++;
        exact += high - low <= 1e-6 * fmax(1, high);
    }
    const char *sentence = arena_print(
        k->arena, tr("%zu cells are hidden; %zu of them can be computed exactly."), hidden, exact);
    return rows_out_finish(&out, sentence);
}

static struct fault *attack_run(struct arena *a, int argc, char **argv)
{
    struct attack k = {.arena = a, .hierarchies = {.arena = a}, .known = {.arena = a}};
    const struct command_option options[] = {{"hierarchy", .read = keep_word, .into = &k.hierarchies},
                                             {"published", .text = &k.log_path},
                                             {"know", .read = keep_word, .into = &k.known},
                                             {"integers", .flag = &k.integers},
                                             {"json", .flag = &k.json}};
    struct table *t = NULL;
    TRY(options_read(argc, argv, options, COUNT(options), (struct operand){&k.path, tr("no file")}));
    TRY(table_open(a, k.path, NULL, &t));
    TRY(name_trees(&k, t));
    TRY(secrecy_published_read(a, t, k.path, &k.trees, &k.published));
    k.cell_of = NEW(a, int32_t, k.trees.layout.places);
    k.model = secrecy_published_model(a, &k.trees.layout, &k.published, k.cell_of, &k.hidden);
    if (k.log_path)
        TRY(remember(&k));
    struct attacker *attacker = attacker_new(a, k.model, k.hidden, k.integers);
    for (size_t i = 0; i < k.known.count; i++)
        TRY(learn(&k, attacker, k.known.at[i]));
    return print_bounds(&k, attacker);
}

const struct command secrecy_attack_command = {
    .name = "secrecy attack",
    .summary = N_("Attack a table: what anybody can compute of the cells it hides"),
    .help =
        N_("grappe secrecy attack PUBLISHED.csv [--hierarchy COLUMN=FILE.csv]… [--published LOG.jsonl]\n"
           "                      [--know CELL=VALUE]… [--integers] [--json]\n\n"
           "PUBLISHED.csv has a column for each dimension, then value and status (published, hidden or\n"
           "empty), as `grappe secrecy protect` writes it. FILE.csv has the columns child, parent and\n"
           "perhaps zoning; without a hierarchy all codes of a dimension sum to \"total\". Answers with\n"
           "cell,min,max,width for each hidden cell: the bounds that follow from what is published, from\n"
           "the sums, and from no value being below 0.\n\n"
           "  --published the log that protecting the table was given: what was published before it, and\n"
           "              who came or left since, is known too\n"
           "  --know      a value the attacker has, of the cell with these codes: Moulins/25.62B=40\n"
           "  --integers  values are counts\n\n"
           "Example: grappe secrecy attack table.csv --hierarchy commune=geo.csv --know Moulins/A=40"),
    .run = attack_run,
};

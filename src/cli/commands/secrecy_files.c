/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "commands/secrecy_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "i18n/i18n.h"
#include "number/checked.h"
#include "record/record.h"
#include "rows_in.h"
#include "words/words.h"

const char *const secrecy_status_names[] = {[SECRECY_ABSENT] = "",
                                            [SECRECY_PUBLISHED] = "published",
                                            [SECRECY_HIDDEN] = "hidden",
                                            [SECRECY_EMPTY] = "empty"};

/* --- hierarchies ----------------------------------------------------------------------------------- */

struct fault *secrecy_tree_name(struct arena *a, struct secrecy_trees *trees, const char *typed)
{
    const char *equals = strchr(typed, '=');
    struct slice column = {typed, equals ? (size_t)(equals - typed) : strlen(typed)};
    for (size_t d = 0; d < trees->count; d++)
        if (slice_equal(slice_of(trees->at[d].column), column)) {
            if (equals && !trees->at[d].path)
                trees->at[d].path = equals + 1;
            return equals ? NULL : fault(FAULT_INVALID, "The dimension \"%s\" is named twice.", typed);
        }
    if (!column.len || trees->count == SECRECY_DIMENSIONS)
        return fault(FAULT_INVALID, "One to three dimensions have names: not \"%s\".", typed);
    trees->at[trees->count++] = (struct secrecy_tree){arena_text(a, column.ptr, column.len),
                                                      equals ? equals + 1 : NULL, vocabulary_new(a)};
    return NULL;
}

struct link {
    int32_t child, parent;
    uint32_t zoning;
};

static int by_parent_and_zoning(const void *a, const void *b)
{
    const struct link *x = a, *y = b;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    if (x->zoning != y->zoning)
        return x->zoning < y->zoning ? -1 : 1;
    return (x->child > y->child) - (x->child < y->child);
}

/* Links in order become sums, one a parent and zoning. */
static void sums_of(struct arena *a, struct secrecy_dimension *d, const struct link *links, size_t count)
{
    struct secrecy_sum *sums = NEW(a, struct secrecy_sum, count + 1);
    int32_t *parts = NEW(a, int32_t, count + 1);
    d->sums = sums;
    d->sum_count = 0;
    for (size_t i = 0; i < count; i++) {
        parts[i] = links[i].child;
        if (!i || links[i].parent != links[i - 1].parent || links[i].zoning != links[i - 1].zoning)
            sums[d->sum_count++] = (struct secrecy_sum){links[i].parent, parts + i, 0};
        sums[d->sum_count - 1].count++;
    }
}

static struct fault *read_link(struct rows_in *r, const int *column, struct vocabulary *nodes,
                               struct vocabulary *zonings, struct link *link)
{
    for (int c = 0; c < 2; c++)
        if (!r->cells[column[c]].len)
            return rows_in_refused_at(r, column[c], tr("is empty"));
    *link = (struct link){(int32_t)vocabulary_add(nodes, r->cells[column[0]]),
                          (int32_t)vocabulary_add(nodes, r->cells[column[1]]),
                          column[2] < 0 ? 0 : vocabulary_add(zonings, r->cells[column[2]])};
    return NULL;
}

struct fault *secrecy_tree_read(struct arena *a, struct secrecy_trees *trees, size_t tree)
{
    struct secrecy_tree *t = &trees->at[tree];
    struct rows_in r = {.path = t->path};
    struct link *links = NULL;
    size_t count = 0, capacity = 0;
    int column[3];
    if (!t->path) {
        (void)vocabulary_add(t->nodes, S("total"));
        return NULL;
    }
    TRY(table_open(a, t->path, NULL, &r.table));
    TRY(rows_in_find(&r, "child", &column[0]));
    TRY(rows_in_find(&r, "parent", &column[1]));
    column[2] = table_column_find(r.table, "zoning");
    struct vocabulary *zonings = vocabulary_new(a);
    for (bool more = true;;) {
        TRY(table_next(r.table, &r.cells, &r.line, &more));
        if (!more)
            break;
        TRY(read_link(&r, column, t->nodes, zonings, PUSH(a, links, count, capacity)));
        TRY(arena_check(a));
    }
    if (!count)
        return fault(FAULT_INVALID, "%s has no lines.", t->path);
    qsort(links, count, sizeof *links, by_parent_and_zoning);
    sums_of(a, &trees->layout.dimension[tree], links, count);
    return NULL;
}

/* A dimension without a hierarchy: everything but "total" is part of it. */
static void sum_to_total(struct arena *a, struct secrecy_tree *t, struct secrecy_dimension *d)
{
    uint32_t count = vocabulary_count(t->nodes);
    struct link *links = NEW(a, struct link, count);
    for (uint32_t n = 1; n < count; n++)
        links[n - 1] = (struct link){.child = (int32_t)n};
    sums_of(a, d, links, count - 1);
}

static struct fault *finish_layout(struct arena *a, struct secrecy_trees *trees)
{
    int32_t node = SECRECY_NO_CELL;
    trees->layout.dimensions = trees->count;
    for (size_t d = 0; d < trees->count; d++) {
        if (!trees->at[d].path)
            sum_to_total(a, &trees->at[d], &trees->layout.dimension[d]);
        trees->layout.dimension[d].nodes = vocabulary_count(trees->at[d].nodes);
    }
    struct fault *wrong = secrecy_layout_check(&trees->layout, &node);
    if (!wrong || wrong->code != FAULT_INVALID || node == SECRECY_NO_CELL)
        return wrong;
    struct fault why = *wrong;
    const struct secrecy_tree *t = &trees->at[why.field[0] - '0'];
    struct slice name = vocabulary_text(t->nodes, (uint32_t)node);
    return fault(FAULT_INVALID, "%s, \"%.*s\": %s", t->path ? t->path : t->column, SLICE_ARGS(name),
                 why.text);
}

/* The node a cell names; without a hierarchy any name is one. `leaf`: it must be no sum. */
static struct fault *node_of(const struct rows_in *r, const struct secrecy_trees *trees, size_t d, int column,
                             bool leaf, int32_t *node)
{
    const struct secrecy_tree *t = &trees->at[d];
    if (!r->cells[column].len)
        return rows_in_refused_at(r, column, tr("is empty"));
    uint32_t found =
        t->path ? vocabulary_find(t->nodes, r->cells[column]) : vocabulary_add(t->nodes, r->cells[column]);
    if (found == VOCABULARY_NONE)
        return rows_in_refused_at(r, column, tr("is not in the hierarchy"));
    *node = (int32_t)found;
    bool sum = !t->path && !found;
    for (size_t s = 0; t->path && s < trees->layout.dimension[d].sum_count; s++)
        sum |= trees->layout.dimension[d].sums[s].node == *node;
    return leaf && sum ? rows_in_refused_at(r, column, tr("is a sum of others")) : NULL;
}

/* --- bare data ------------------------------------------------------------------------------------- */

struct line {
    int32_t node[SECRECY_DIMENSIONS], unit, group;
    double value;
    bool natural;
};

/* One unit of the last digit of a value, at most 6 after the point. */
static double digit_of(double value)
{
    double digit = 1;
    for (int k = 0; k < 6; k++, digit /= 10)
        if (fabs(value / digit - round(value / digit)) <= 1e-9 * fmax(1, fabs(value / digit)))
            break;
    return digit;
}

struct data_columns {
    int node[SECRECY_DIMENSIONS], value, unit, group, natural;
};

static struct fault *find_columns(const struct rows_in *r, const struct secrecy_trees *trees,
                                  struct secrecy_columns named, struct data_columns *c)
{
    c->value = c->group = c->natural = -1;
    for (size_t d = 0; d < trees->count; d++)
        TRY(rows_in_find(r, trees->at[d].column, &c->node[d]));
    TRY(rows_in_find(r, named.unit, &c->unit));
    if (named.value)
        TRY(rows_in_find(r, named.value, &c->value));
    if (named.group)
        TRY(rows_in_find(r, named.group, &c->group));
    return named.natural ? rows_in_find(r, "natural", &c->natural) : NULL;
}

static struct fault *read_natural(const struct rows_in *r, int column, bool *natural)
{
    int64_t number = 0;
    if (!integer_parse(r->cells[column], &number) || number < 0 || number > 1)
        return rows_in_refused_at(r, column, tr("is neither 0 nor 1"));
    *natural = number == 1;
    return NULL;
}

static struct fault *read_line(const struct rows_in *r, const struct secrecy_trees *trees,
                               const struct data_columns *c, struct secrecy_data *data, struct line *l)
{
    *l = (struct line){.value = 1};
    for (size_t d = 0; d < trees->count; d++)
        TRY(node_of(r, trees, d, c->node[d], true, &l->node[d]));
    if (c->value >= 0 && !real_parse(r->cells[c->value], &l->value))
        return rows_in_refused_at(r, c->value, tr("is no number"));
    if (l->value < 0)
        return rows_in_refused_at(r, c->value, tr("is less than 0"));
    if (l->value > 1e15)
        return rows_in_refused_at(r, c->value, tr("is too large"));
    if (!r->cells[c->unit].len)
        return rows_in_refused_at(r, c->unit, tr("is empty"));
    l->unit = l->group = (int32_t)vocabulary_add(data->units, r->cells[c->unit]);
    if (c->group >= 0 && !r->cells[c->group].len)
        return rows_in_refused_at(r, c->group, tr("is empty"));
    if (c->group >= 0)
        l->group = (int32_t)vocabulary_add(data->groups, r->cells[c->group]);
    if (c->natural >= 0)
        TRY(read_natural(r, c->natural, &l->natural));
    data->digit = fmin(data->digit, digit_of(l->value));
    return NULL;
}

static struct secrecy_lines lines_of(struct arena *a, const struct line *from, size_t count,
                                     size_t dimensions)
{
    int32_t *node[SECRECY_DIMENSIONS] = {NULL}, *unit = NEW(a, int32_t, count),
            *group = NEW(a, int32_t, count);
    double *value = NEW(a, double, count);
    bool *natural = NEW(a, bool, count);
    struct secrecy_lines out = {
        .count = count, .unit = unit, .group = group, .value = value, .natural = natural};
    for (size_t d = 0; d < dimensions; d++)
        out.node[d] = node[d] = NEW(a, int32_t, count);
    for (size_t i = 0; i < count; i++) {
        for (size_t d = 0; d < dimensions; d++)
            node[d][i] = from[i].node[d];
        unit[i] = from[i].unit;
        group[i] = from[i].group;
        value[i] = from[i].value;
        natural[i] = from[i].natural;
    }
    return out;
}

struct fault *secrecy_data_read(struct arena *a, struct table *t, const char *path,
                                struct secrecy_trees *trees, struct secrecy_columns named,
                                struct secrecy_data *out)
{
    struct rows_in r = {.table = t, .path = path};
    struct data_columns columns;
    struct line *lines = NULL;
    size_t count = 0, capacity = 0;
    *out = (struct secrecy_data){.units = vocabulary_new(a), .groups = vocabulary_new(a), .digit = 1};
    TRY(find_columns(&r, trees, named, &columns));
    for (bool more = true;;) {
        TRY(table_next(t, &r.cells, &r.line, &more));
        if (!more)
            break;
        TRY(read_line(&r, trees, &columns, out, PUSH(a, lines, count, capacity)));
        TRY(arena_check(a));
    }
    if (!count)
        return fault(FAULT_INVALID, "%s has no lines.", path);
    out->lines = lines_of(a, lines, count, trees->count);
    return finish_layout(a, trees);
}

/* --- published tables ------------------------------------------------------------------------------ */

struct row {
    int32_t node[SECRECY_DIMENSIONS];
    enum secrecy_status status;
    double value;
    int64_t line;
};

static struct fault *read_row(const struct rows_in *r, const struct secrecy_trees *trees, const int *node,
                              int value, int status, struct row *row)
{
    *row = (struct row){.line = r->line};
    for (size_t d = 0; d < trees->count; d++)
        TRY(node_of(r, trees, d, node[d], false, &row->node[d]));
    for (size_t s = SECRECY_PUBLISHED; s <= SECRECY_EMPTY; s++)
        if (slice_equal(r->cells[status], slice_of(secrecy_status_names[s])))
            row->status = (enum secrecy_status)s;
    if (row->status == SECRECY_ABSENT)
        return rows_in_refused_at(r, status, tr("is neither published, hidden nor empty"));
    if (row->status != SECRECY_PUBLISHED)
        return r->cells[value].len ? rows_in_refused_at(r, value, tr("is not published, but there")) : NULL;
    if (!real_parse(r->cells[value], &row->value))
        return rows_in_refused_at(r, value, tr("is no number"));
    return row->value < 0 ? rows_in_refused_at(r, value, tr("is less than 0")) : NULL;
}

static struct fault *place_rows(struct arena *a, const char *path, const struct secrecy_trees *trees,
                                const struct row *rows, size_t count, struct secrecy_published *out)
{
    out->status = NEW(a, enum secrecy_status, trees->layout.places);
    out->value = NEW(a, double, trees->layout.places);
    for (size_t i = 0; i < count; i++) {
        size_t place = 0;
        for (size_t d = 0; d < trees->count; d++)
            place += (size_t)rows[i].node[d] * trees->layout.stride[d];
        if (out->status[place] != SECRECY_ABSENT)
            return fault(FAULT_INVALID, "%s, line %lld: the same place once more.", path,
                         (long long)rows[i].line);
        out->status[place] = rows[i].status;
        out->value[place] = rows[i].value;
    }
    return NULL;
}

struct fault *secrecy_published_read(struct arena *a, struct table *t, const char *path,
                                     struct secrecy_trees *trees, struct secrecy_published *out)
{
    struct rows_in r = {.table = t, .path = path};
    struct row *rows = NULL;
    size_t count = 0, capacity = 0;
    int node[SECRECY_DIMENSIONS], value, status;
    for (size_t d = 0; d < trees->count; d++)
        TRY(rows_in_find(&r, trees->at[d].column, &node[d]));
    TRY(rows_in_find(&r, "value", &value));
    TRY(rows_in_find(&r, "status", &status));
    for (bool more = true;;) {
        TRY(table_next(t, &r.cells, &r.line, &more));
        if (!more)
            break;
        TRY(read_row(&r, trees, node, value, status, PUSH(a, rows, count, capacity)));
        TRY(arena_check(a));
    }
    if (!count)
        return fault(FAULT_INVALID, "%s has no lines.", path);
    TRY(finish_layout(a, trees));
    return place_rows(a, path, trees, rows, count, out);
}

struct secrecy_model *secrecy_published_model(struct arena *a, const struct secrecy_layout *l,
                                              const struct secrecy_published *p, int32_t *cell_of,
                                              bool **hidden)
{
    struct secrecy_model *m = secrecy_model_new(a);
    *hidden = NEW(a, bool, l->places + 1);
    for (size_t place = 0; place < l->places; place++) {
        cell_of[place] = SECRECY_NO_CELL;
        if (p->status[place] == SECRECY_EMPTY)
            continue;
        (*hidden)[m->count] = p->status[place] != SECRECY_PUBLISHED;
        cell_of[place] = secrecy_add_cell(m, secrecy_plain_cell(p->value[place]));
    }
    secrecy_add_sums(m, l, cell_of);
    return m;
}

/* --- names ----------------------------------------------------------------------------------------- */

struct slice secrecy_node_name(const struct secrecy_trees *trees, size_t place, size_t d)
{
    size_t node = place / trees->layout.stride[d] % trees->layout.dimension[d].nodes;
    return vocabulary_text(trees->at[d].nodes, (uint32_t)node);
}

const char *secrecy_place_name(struct arena *a, const struct secrecy_trees *trees, size_t place)
{
    const char *name = "";
    for (size_t d = 0; d < trees->count; d++) {
        struct slice node = secrecy_node_name(trees, place, d);
        name = arena_print(a, "%s%s%.*s", name, d ? "/" : "", SLICE_ARGS(node));
    }
    return name;
}

struct fault *secrecy_place_find(const struct secrecy_trees *trees, struct slice name, size_t *place)
{
    struct slice rest = name, node;
    size_t d = 0;
    *place = 0;
    for (; d < trees->count && slice_cut(&rest, '/', &node); d++) {
        uint32_t found = vocabulary_find(trees->at[d].nodes, node);
        if (found == VOCABULARY_NONE)
            break;
        *place += found * trees->layout.stride[d];
    }
    if (d < trees->count || slice_cut(&rest, '/', &node))
        return fault(FAULT_INVALID, "There is no cell \"%.*s\".", SLICE_ARGS(name));
    return NULL;
}

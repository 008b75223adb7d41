/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_load.c - rows of any table to records of its type. */
#include <string.h>

#include "demo/internal.h"

struct slice demo_cell(const struct demo_row *row, const char *column)
{
    for (size_t i = 0; i < row->columns; i++)
        if (slice_equal(row->names[i], slice_of(column)))
            return row->cells[i];
    return (struct slice){"", 0};
}

/* Where the code is, or belongs. */
static size_t code_place(const struct demo_codes *codes, struct slice code)
{
    size_t from = 0, to = codes->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (slice_compare(codes->at[middle].code, code) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

struct fault *demo_code_add(struct demo_loader *l, struct demo_codes *codes, struct slice code, int64_t id)
{
    size_t place = code_place(codes, code);
    if (place < codes->count && slice_equal(codes->at[place].code, code))
        return fault(FAULT_BUG, "The code \"%.*s\" is taken.", SLICE_ARGS(code));
    PUSH(door_arena(l->door), codes->at, codes->count, codes->capacity);
    memmove(codes->at + place + 1, codes->at + place, (codes->count - 1 - place) * sizeof *codes->at);
    codes->at[place] = (struct demo_code){code, id};
    return NULL;
}

const struct demo_code *demo_code_find(const struct demo_codes *codes, struct slice code)
{
    size_t place = code_place(codes, code);
    return place < codes->count && slice_equal(codes->at[place].code, code) ? &codes->at[place] : NULL;
}

/* Splits a line; false when it has more cells than the header has names. */
static bool cut_cells(struct slice line, struct slice *cells, size_t most, size_t *count)
{
    struct slice cell;
    for (*count = 0; slice_cut(&line, '\t', &cell); cells[(*count)++] = cell)
        if (*count == most)
            return false;
    return true;
}

bool demo_row_wanted(const struct demo_loader *l, const struct demo_row *row)
{
    struct slice spaces = demo_cell(row, "@spaces"), one;
    if (!spaces.len)
        return true;
    while (slice_cut(&spaces, ' ', &one))
        if (one.len && *one.ptr == l->space)
            return true;
    return false;
}

static struct fault *unknown_code(struct slice code)
{
    return fault(FAULT_BUG, "Unknown code \"%.*s\".", SLICE_ARGS(code));
}

static struct fault *fill_terms(struct demo_loader *l, struct slice cell, struct term_list *terms)
{
    struct slice code;
    terms->ids = NEW(door_arena(l->door), int64_t, cell.len / 2 + 1);
    while (slice_cut(&cell, ' ', &code)) {
        const struct demo_code *found = demo_code_find(&l->terms, code);
        if (!found)
            return unknown_code(code);
        terms->ids[terms->count++] = found->id;
    }
    return NULL;
}

/* One cell into its field. *skip: it needs a record that is not in this space. */
static struct fault *fill_cell(struct demo_loader *l, const struct field *f, struct slice cell, void *record,
                               bool *skip)
{
    if (!cell.len)
        return NULL;
    if (f->kind == KIND_terms)
        return fill_terms(l, cell, field_at(f, record));
    if (f->kind != KIND_ref)
        return value_parse(f, door_arena(l->door), cell, record);
    const struct demo_code *found = demo_code_find(&l->records, cell);
    if (!found)
        return unknown_code(cell);
    *(int64_t *)field_at(f, record) = found->id;
    *skip = *skip || (f->required && !found->id);
    return NULL;
}

static struct fault *load_row(struct demo_loader *l, const void *table, const struct demo_row *row)
{
    const struct demo_table *t = table;
    struct slice code = demo_cell(row, "@code");
    if (!demo_row_wanted(l, row))
        return code.len ? demo_code_add(l, &l->records, code, 0) : NULL;
    bool skip = false;
    void *record = arena_alloc(door_arena(l->door), 1, t->type->size, alignof(max_align_t));
    record_clear(t->type, record);
    for (size_t i = 0; i < row->columns; i++) {
        if (*row->names[i].ptr == '@')
            continue;
        const struct field *f = field_find(t->type, slice_text(door_arena(l->door), row->names[i]));
        if (!f)
            return unknown_code(row->names[i]);
        TRY(fill_cell(l, f, row->cells[i], record, &skip));
    }
    if (skip)
        return NULL;
    if (t->complete)
        TRY(t->complete(l, row, record));
    TRY(door_save_any(l->door, t->type, record, ALL_FIELDS));
    if (code.len)
        TRY(demo_code_add(l, &l->records, code, ((const struct record_head *)record)->id));
    return t->follow ? t->follow(l, row, record) : NULL;
}

/* The fault of a row, with where it stands. */
static struct fault *located(struct demo_loader *l, const char *name, int line, const struct fault *f)
{
    const char *why = arena_print(door_arena(l->door), "%s", f->text);
    return fault(FAULT_BUG, "Demonstration data, %s, line %d: %s", name, line, why);
}

struct fault *demo_rows(struct demo_loader *l, const char *name, struct slice text, demo_row_taker *take,
                        const void *owner)
{
    struct demo_row row = {0};
    struct slice rest = text, line;
    while (slice_cut(&rest, '\n', &line)) {
        row.line++;
        if (!line.len || *line.ptr == '#')
            continue;
        size_t cells = 0;
        if (!row.columns) {
            (void)cut_cells(line, row.names, DEMO_COLUMNS, &row.columns);
            continue;
        }
        memset(row.cells, 0, sizeof row.cells);
        struct fault *f = cut_cells(line, row.cells, row.columns, &cells)
                              ? NULL
                              : fault(FAULT_BUG, "There are more cells than columns.");
        if (!f)
            f = take(l, owner, &row);
        if (f)
            return located(l, name, row.line, f);
    }
    return NULL;
}

struct fault *demo_load(struct demo_loader *l, const struct demo_table *t)
{
    return demo_rows(l, t->name, t->text, load_row, t);
}

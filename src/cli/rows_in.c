/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rows_in.h"

#include "i18n/i18n.h"
#include "record/record.h"
#include "words/words.h"

struct fault *rows_in_find(const struct rows_in *r, const char *column_name, int *column)
{
    *column = table_column_find(r->table, column_name);
    return *column < 0 ? fault(FAULT_INVALID, "%s, line 1: there is no column \"%s\".", r->path, column_name)
                       : NULL;
}

struct fault *rows_in_begin(struct table *t, const char *path, const char *const *names, struct rows_in *r)
{
    *r = (struct rows_in){.table = t, .path = path};
    for (int c = 0; names[c]; c++) {
        if (*names[c] == '?')
            r->column[c] = table_column_find(t, names[c] + 1);
        else
            TRY(rows_in_find(r, names[c], &r->column[c]));
    }
    return NULL;
}

struct fault *rows_in_next(struct rows_in *r, bool *more)
{
    bool first = !r->cells;
    TRY(table_next(r->table, &r->cells, &r->line, more));
    return first && !*more ? fault(FAULT_INVALID, "%s has no lines.", r->path) : NULL;
}

bool rows_in_has(const struct rows_in *r, int name)
{
    return r->column[name] >= 0;
}

struct slice rows_in_cell(const struct rows_in *r, int name)
{
    return r->column[name] < 0 ? S("") : r->cells[r->column[name]];
}

struct fault *rows_in_refused_at(const struct rows_in *r, int column, const char *why)
{
    struct slice typed = r->cells[column];
    int shown = typed.len < 60 ? (int)typed.len : 60;
    return fault(FAULT_INVALID, "%s, line %lld, column \"%s\": \"%.*s\" %s.", r->path, (long long)r->line,
                 table_column(r->table, column), shown, typed.ptr, why);
}

struct fault *rows_in_refused(const struct rows_in *r, int name, const char *why)
{
    return rows_in_refused_at(r, r->column[name], why);
}

struct fault *rows_in_number(const struct rows_in *r, int name, double *number)
{
    return real_parse(rows_in_cell(r, name), number) ? NULL : rows_in_refused(r, name, tr("is no number"));
}

struct fault *rows_in_integer(const struct rows_in *r, int name, int64_t low, int64_t high, int64_t *number)
{
    if (!integer_parse(rows_in_cell(r, name), number))
        return rows_in_refused(r, name, tr("is no whole number"));
    return *number < low || *number > high ? rows_in_refused(r, name, tr("is not possible here")) : NULL;
}

struct fault *rows_in_name(const struct rows_in *r, int name, struct vocabulary *known, uint32_t *number)
{
    if (!rows_in_cell(r, name).len)
        return rows_in_refused(r, name, tr("is empty"));
    *number = vocabulary_add(known, rows_in_cell(r, name));
    return NULL;
}

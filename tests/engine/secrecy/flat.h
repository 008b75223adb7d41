/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* flat.h - small tables for tests: rows × columns with their margins, as a model. */
#ifndef GRAPPE_TEST_FLAT_H
#define GRAPPE_TEST_FLAT_H

#include "arena/arena.h"
#include "secrecy/model.h"

/* Cell (r, c) is number r * (columns + 1) + c; row `rows` and column `columns` are the totals. */
struct flat {
    struct secrecy_model *model;
    size_t rows, columns;
    bool *hidden;
};

static inline int32_t flat_cell(const struct flat *t, size_t r, size_t c)
{
    return (int32_t)(r * (t->columns + 1) + c);
}

static inline struct flat flat_new(struct arena *a, size_t rows, size_t columns, const double *values)
{
    struct flat t = {secrecy_model_new(a), rows, columns, NEW(a, bool, (rows + 1) * (columns + 1))};
    int32_t *parts = NEW(a, int32_t, rows + columns + 2);
    for (size_t r = 0; r <= rows; r++)
        for (size_t c = 0; c <= columns; c++) {
            double sum = 0;
            for (size_t i = 0; i < rows; i++)
                for (size_t j = 0; j < columns; j++)
                    if ((r == rows || r == i) && (c == columns || c == j))
                        sum += values[i * columns + j];
            (void)secrecy_add_cell(t.model, secrecy_plain_cell(sum));
        }
    for (size_t r = 0; r <= rows; r++) {
        for (size_t c = 0; c < columns; c++)
            parts[c] = flat_cell(&t, r, c);
        secrecy_add_equation(t.model, flat_cell(&t, r, columns), parts, columns, 0);
    }
    for (size_t c = 0; c <= columns; c++) {
        for (size_t r = 0; r < rows; r++)
            parts[r] = flat_cell(&t, r, c);
        secrecy_add_equation(t.model, flat_cell(&t, rows, c), parts, rows, 0);
    }
    return t;
}

static inline void flat_sensitive(struct flat *t, size_t r, size_t c, double up, double down)
{
    struct secrecy_cell *cell = &t->model->cells[flat_cell(t, r, c)];
    cell->sensitive = true;
    cell->up = up;
    cell->down = down;
}

#endif

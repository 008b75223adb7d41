/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "secrecy/model.h"

#include <string.h>

#include "arena/arena.h"

struct secrecy_model *secrecy_model_new(struct arena *a)
{
    struct secrecy_model *m = NEW(a, struct secrecy_model, 1);
    m->arena = a;
    m->cells = NEW(a, struct secrecy_cell, m->capacity = 8); /* never NULL, though none is added */
    m->equations = NEW(a, struct secrecy_equation, m->equation_capacity = 8);
    return m;
}

int32_t secrecy_add_cell(struct secrecy_model *m, struct secrecy_cell cell)
{
    *PUSH(m->arena, m->cells, m->count, m->capacity) = cell;
    return (int32_t)m->count - 1;
}

void secrecy_add_equation(struct secrecy_model *m, int32_t total, const int32_t *parts, size_t count,
                          double constant)
{
    int32_t *copy = NEW(m->arena, int32_t, count + 1);
    if (count)
        memcpy(copy, parts, count * sizeof *parts);
    *PUSH(m->arena, m->equations, m->equation_count, m->equation_capacity) =
        (struct secrecy_equation){total, copy, count, constant};
}

struct secrecy_cell secrecy_plain_cell(double value)
{
    return (struct secrecy_cell){.value = value, .weight = value, .alone = SECRECY_NOBODY};
}

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* model.h - what is to be published, as cells with values and equations between them.
 *
 * Tables, hierarchies, zonings that cross and linked tables are one set of cells: a cell is the set of units
 * it sums, however many places show it. Everything that hides, attacks or audits works on this alone. */
#ifndef GRAPPE_SECRECY_MODEL_H
#define GRAPPE_SECRECY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* What one group (or one unit, where there are no groups) has in a cell. */
struct secrecy_share {
    int32_t group, units, natural; /* natural: how many of its units are people */
    double value;
};

enum { SECRECY_NOBODY = -1, SECRECY_NO_CELL = -1 };

struct secrecy_cell {
    double value;                       /* from 0 on; what an outsider is not told where it is hidden */
    double weight;                      /* what hiding it costs */
    double up, down;                    /* an attacker's bounds must reach value + up and value - down */
    const struct secrecy_share *shares; /* by group, each once; NULL: not known, then `sensitive` is given */
    size_t share_count;
    int32_t alone;  /* the group that has all of it, or SECRECY_NOBODY */
    bool sensitive; /* to be hidden and protected */
    bool known;     /* everybody has it already: never hidden */
    bool held;      /* was hidden before: stays so */
    bool unshown;   /* stands in no table: always hidden, costs nothing */
};

/* total = sum of parts + constant; without a total (SECRECY_NO_CELL) 0 = sum of parts + constant. */
struct secrecy_equation {
    int32_t total;
    const int32_t *parts;
    size_t count;
    double constant;
};

struct secrecy_model {
    struct arena *arena;
    struct secrecy_cell *cells;
    struct secrecy_equation *equations;
    size_t count, capacity, equation_count, equation_capacity;
};

struct secrecy_model *secrecy_model_new(struct arena *);
/* Its number. */
int32_t secrecy_add_cell(struct secrecy_model *, struct secrecy_cell);
/* Parts are copied. */
void secrecy_add_equation(struct secrecy_model *, int32_t total, const int32_t *parts, size_t count,
                          double constant);
/* A plain cell: value as weight, nothing known of its shares. */
struct secrecy_cell secrecy_plain_cell(double value);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sample.h - what the pages of the tests and of the bench show. */
#ifndef GRAPPE_SAMPLE_H
#define GRAPPE_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample_row {
    int64_t id, staff;
    const char *name, *siren, *place, *process, *material, *website;
};

struct sample_list {
    const char *title, *typed;
    bool wrong;
    const struct sample_row *rows;
    size_t count;
};

#endif

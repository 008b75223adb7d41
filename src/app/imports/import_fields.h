/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_fields.h - the table of what columns can be read into; the inside of this room. */
#ifndef GRAPPE_IMPORT_FIELDS_H
#define GRAPPE_IMPORT_FIELDS_H

#include "imports/import_line.h"

struct import_rule {
    const char *key;
    const struct record_type *type;
    size_t at; /* of the record in struct import_line */
    const char *field;
    /* NULL: value_parse. The cell is trimmed and not empty. */
    struct fault *(*read)(struct import_line *, const struct field *, struct slice cell, void *record);
    bool many;            /* several columns may be read into it */
    const char *synonyms; /* keys of register_column_key(), the surest first */
    const char *label;    /* NULL: the field's own */
};

extern const struct import_rule import_rules[];
extern const int import_rule_count;

/* Readers of the cells that people write in their own way: see import_cells.c. */
typedef struct fault *import_reader(struct import_line *, const struct field *, struct slice, void *);
import_reader read_identifier, read_naf, read_website, read_size_class, read_headcount, read_year_or_day,
    read_coordinates, read_country, read_commune, read_term_cell, read_know_how, read_certifications,
    read_activity, read_first_name;

#endif

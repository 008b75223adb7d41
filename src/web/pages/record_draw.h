/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_draw.h - tables, details and forms drawn from a record's description. */
#ifndef GRAPPE_RECORD_DRAW_H
#define GRAPPE_RECORD_DRAW_H

#include "door/door.h"
#include "html/html.h"
#include "http/http.h"
#include "records/addresses.h"

/* Names of the records and terms that some fields of some records refer to, read with one statement a
 * type. */
struct names;
struct fault *names_load(struct door *, const struct record_type *, field_mask fields, const void *records,
                         size_t count, struct names **) MUST_CHECK;

/* A field as plain text for people: names instead of ids; "" when unknown. */
const char *field_text(const struct names *, const struct field *, const void *record);
/* Is there anything to show? Not when it is unknown, nor when all it refers to is hidden. */
bool field_shown(const struct names *, const struct field *, const void *record);

/* What may be chosen in a form: the terms and records its fields refer to. */
struct form_options;
struct fault *form_options_load(struct door *, const struct record_type *, struct form_options **) MUST_CHECK;

/* A <datalist> of the terms of a facet (NULL: all) for inputs with list="id". */
void form_terms_list(struct html *, const struct form_options *, const char *id, const char *facet);

/* What was typed, and what is wrong with it, by field. */
struct form_state {
    const struct params *typed; /* NULL: show the record's values */
    struct form_fault {
        const struct field *field; /* NULL: of the record as a whole */
        const char *text;
    } faults[LIMIT_FIELDS];
    size_t fault_count;
};

/* One labelled control with help, unit, error, and why it is asked. */
void form_field(struct html *, const struct record_type *, const struct field *, const void *record,
                const struct form_options *, const struct form_state *);
void form_errors(struct html *, const struct form_state *); /* the summary on top; nothing without faults */

/* Reads the posted fields of `mask` into the record, all of them, collecting every fault. Terms come as ids,
 * codes or labels, references as ids. A field that was not posted keeps its value. */
void form_read(struct arena *, const struct record_type *, field_mask mask, const struct form_options *,
               const struct params *posted, void *record, struct form_state *);

/* The badge that says who sees it. */
void visibility_draw(struct html *, enum visibility);

/* Where one reads who opened a record; NULL when that is not for the viewer. */
const char *readings_url(const struct request *, const struct record_type *, const void *record);

#endif

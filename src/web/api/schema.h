/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schema.h - JSON Schema (2020-12) of what the API says, from shapes and from the descriptions of records. */
#ifndef GRAPPE_SCHEMA_H
#define GRAPPE_SCHEMA_H

#include "api/shape.h"

/* "key": "text" */
void schema_pair(struct json *, const char *key, const char *text);
/* "key": { … and "key": true */
void schema_begin(struct json *, const char *key);
void schema_flag(struct json *, const char *key, bool value);
/* "key": {"$ref": "#/components/schemas/NAME"} */
void schema_refer(struct json *, const char *key, const char *name);

void schema_member(struct json *, const struct member *);
void schema_shape(struct json *, const struct shape *, bool written);

/* The components of one type: NAME_fields, NAME, NAME_new, NAME_change, NAME_page, NAME_filters. */
void schema_record(struct json *, struct arena *, const struct record_type *);

/* An object that fits NAME_new, or the shape as it is taken. */
void schema_record_example(struct json *, struct arena *, const struct record_type *);
void schema_shape_example(struct json *, const struct shape *);

#endif

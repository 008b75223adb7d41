/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_body.h - a record as a JSON object, both ways. */
#ifndef GRAPPE_API_RECORD_BODY_H
#define GRAPPE_API_RECORD_BODY_H

#include "api/value.h"

/* {"id": "…", "version": 3, …} with the fields of the mask; without these two when it is not stored. */
void record_put(struct json *, struct arena *, const struct record_type *, const void *record,
                field_mask fields);

/* Lays the object over the record, all of it, and collects what is wrong: unknown fields, values that do not
 * fit, and changes of fields that are not among `open` or not the viewer's to write. "id" and "version" are
 * passed over, so that what was read can be sent back. *given: the fields the object has. */
struct fault *record_take(struct request *, const struct record_type *, const json_t *body, field_mask open,
                          void *record, field_mask *given, struct api_errors *) MUST_CHECK;

/* Names every field that is needed and missing, instead of the first. */
void record_missing(struct request *, const struct record_type *, const void *record, struct api_errors *);

#endif

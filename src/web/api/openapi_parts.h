/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* openapi_parts.h - what the operations of the OpenAPI document refer to: schemas, refusals, parameters and
 * headers that many have, and how one shows who one is. */
#ifndef GRAPPE_OPENAPI_PARTS_H
#define GRAPPE_OPENAPI_PARTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json;

/* The refusals there are, and which operations have them. */
enum refusal_when { EVERY, WITH_PART, WRITING, TAKING, MATCHED };
struct api_refusal {
    int status;
    enum refusal_when when;
};
extern const struct api_refusal api_refusals[];
extern const size_t api_refusal_count;

/* The first members of a parameter's object. */
void parameter_begin(struct json *, const char *name, const char *in, bool required);
/* "components": all of it. */
void openapi_components(struct json *, struct arena *);

#endif

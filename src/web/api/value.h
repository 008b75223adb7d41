/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value.h - values of fields as JSON, kind by kind.
 *
 * Text and choices are strings (a choice by its code), integers numbers, lengths numbers of nanometres, dates
 * "2026-03-15", flags true or false, intervals {"min": …, "max": …} with null for an open end, references the
 * id as a string (it goes beyond 2^53), terms an array of such ids. Unknown is null; no terms, []. */
#ifndef GRAPPE_API_VALUE_H
#define GRAPPE_API_VALUE_H

#include "api/api.h"

void api_value_put(struct json *, struct arena *, const struct field *, const void *record);

/* Into the record, with all checks that the field alone can make. Terms may be given by their code too.
 * INVALID naming the field. */
struct fault *api_value_take(struct door *, const struct field *, const json_t *, void *record) MUST_CHECK;

/* What a query parameter says ("true", "800000"), in the form of value_plain(). */
const char *api_value_plain(struct arena *, const struct field *, const char *text);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* list.h - which records an address asks for: filters, order, fields, and the day on which they stood so. */
#ifndef GRAPPE_API_LIST_H
#define GRAPPE_API_LIST_H

#include "api/api.h"

/* All of it; `own`: parameters that are no filters but the operation's, the last NULL. INVALID naming the
 * parameter; filters and order are checked by door_list(). */
struct fault *list_ask(const struct request *, const struct record_type *, const char *const *own,
                       struct list_request *, field_mask *fields) MUST_CHECK;

/* "fields=name,siren": all without it. */
struct fault *list_ask_fields(const struct request *, const struct record_type *, field_mask *) MUST_CHECK;
/* "as_of=2026-06-30": the end of that day; 0 without it. */
struct fault *list_ask_day(const struct request *, int64_t *at_us) MUST_CHECK;

#endif

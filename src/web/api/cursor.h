/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cursor.h - where the next page of a list begins: opaque outside, in the body and in Link (RFC 8288). */
#ifndef GRAPPE_API_CURSOR_H
#define GRAPPE_API_CURSOR_H

#include "api/api.h"

/* The place of the parameter "cursor"; the beginning without one. INVALID for one of another list. */
struct fault *cursor_take(const struct request *, struct list_place *) MUST_CHECK;

/* The member "next" (null after the last page), and Link: <…>; rel="next". */
void cursor_put(struct json *, const struct request *, struct response *, const struct list_place *);

/* That header alone, for a cursor of another kind; NULL: after the last page. */
void cursor_link(const struct request *, struct response *, const char *cursor);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* once.h - a write that is sent twice is done once.
 *
 * A program names its request in the header Idempotency-Key; sent again within a day, it is given the first
 * answer (with Idempotency-Replayed: true). A form carries the mark of the page it was drawn on: posted twice
 * from there with the same content, it leads where it led first. Only what succeeded is kept: a refusal
 * changed nothing, and is judged anew. What a route writes elsewhere (the server's own file) moves no mark of
 * a page: there the same form is sent twice for good reasons, and done twice. */
#ifndef GRAPPE_ONCE_H
#define GRAPPE_ONCE_H

#include "http/http.h"

/* For router_options.write. */
struct fault *once_write(void *owner, struct request *, struct response *) MUST_CHECK;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* exchange.h - the two ends of an exchange that need no socket: reading a request, finishing an answer. Used
 * by the server and by tests. */
#ifndef GRAPPE_EXCHANGE_H
#define GRAPPE_EXCHANGE_H

#include "http/http.h"

/* Decodes target, headers, cookies and body of a request whose method, arena and headers are set. A target or
 * body that cannot be read sets r->refused (400, 413, 414) and r->refusal, and leaves what was read.
 * `secure`: only cookies with the prefix __Host- count. */
void request_read(struct request *r, const char *target, struct slice body, bool secure);

struct response *response_new(struct arena *, bool secure);

/* The headers of every answer, for those made without a worker. */
const struct param *response_security(size_t *count);

/* What goes over the wire: settles 304, compression, and all headers. Returns the bytes to send, which live
 * as long as the arena. */
struct slice response_finish(const struct request *, struct response *);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* walk.h - every route asked as every role, in the whole space and in the role's twin, and the answers held
 * against each other and against the expectation. */
#ifndef GRAPPE_WALK_H
#define GRAPPE_WALK_H

#include "pages/server.h"
#include "scenario/world.h"
#include "web/client.h"

struct walk {
    struct world *world;
    const struct router *router;
    int port;
    int sockets[2]; /* whole, twin; -1: not open */
    int asked, findings, refusals;
    bool quiet;        /* findings are expected: they are counted, not printed */
    bool *seen;        /* by canary, by the role being walked */
    size_t length;     /* of the last page from the whole */
    char next[2][600]; /* where the last page of each says the list goes on; "": nowhere */
    size_t turn;       /* which hidden words the next route is asked for */
    char csrf[2][80];
    bool sparse; /* of fields and writes only a third is tried by each role, another by the next */
    size_t rota;
    const char *only; /* routes with this in their path; NULL: all */
    /* Changes what the whole answers, to see that it is noticed. NULL: does not. */
    void (*tamper)(struct walk *, const struct who *, const char *target, struct reply *);
};

/* Reading: every GET route, its parts filled with every id, and its queries. */
void walk_reads(struct walk *, struct who *);
/* Writing: every other route, at what the role may not change. Nothing may change. */
void walk_writes(struct walk *, struct who *);

/* Forms and objects that are refused whoever sends them, each leading to a record the role may not see: in
 * its twin to one that is not there. */
void walk_refusals(struct walk *, struct who *);

/* Pages of every route and type, each before and after a write that the role may not see: the same bytes under
 * the same tag, or somebody who asks again and again learns that others write. */
void walk_polls(struct walk *, struct who *);
/* One of them, in the whole. */
void walk_poll(struct walk *, const struct who *, const char *target);

/* One request in both spaces; `body` NULL: GET. Counts and prints what is wrong; gives the status. */
int walk_ask(struct walk *, const struct who *, const char *target, const char *body);
int walk_send(struct walk *, const struct who *, const char *method, const char *target, const char *body);

/* The next page of what was asked last, in each space where its own page says it is; false: there is none. */
bool walk_on(struct walk *, const struct who *);

/* Asks for a page with a form, for the tokens that writes carry. */
void walk_tokens(struct walk *, const struct who *);
void walk_find(struct walk *, const struct who *, const char *target, const char *format, ...)
    PRINTF_LIKE(4, 5);

#endif

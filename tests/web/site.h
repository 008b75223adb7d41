/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* site.h - a small site with every kind of route, for the tests of router and server. */
#ifndef GRAPPE_SITE_H
#define GRAPPE_SITE_H

#include <stdatomic.h>

#include "router/router.h"

struct site {
    _Atomic int drawn, saved, identified, quick;
    _Atomic int held;      /* requests that wait in "/held" */
    _Atomic bool released; /* lets them go */
    int64_t version, shown; /* of what the page is drawn from; what of it is to be seen */
    struct slice last_upload;
};

/* A cookie "who" of "member" or "facilitator" signs in, with the session "session-member" ….
 * Secret tokens derive from 32 bytes of 7. */
struct router *site_router(struct arena *, struct site *);

extern const unsigned char site_secret[32];

#endif

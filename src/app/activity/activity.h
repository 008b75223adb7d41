/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* activity.h - what happened that the viewer may see, newest first, a transaction together.
 *
 * Only entries of records that may be seen now, with the fields that may be seen now, and only what happened
 * while the record was open to the viewer (see door_history). A page goes back a bounded number of entries
 * and says where the next one goes on, so that who sees little does not make the server search for long. */
#ifndef GRAPPE_ACTIVITY_H
#define GRAPPE_ACTIVITY_H

#include "door/door.h"

struct activity_request {
    int64_t before;                 /* the cursor; 0: the newest */
    const struct record_type *type; /* NULL: all */
    int64_t organisation, person;   /* of what it owns, with itself; who did it. 0: all */
    const int64_t *records; /* instead of an organisation's: these alone; NULL: all */
    size_t record_count;
    size_t groups;                  /* at most; 0: 20 */
    int64_t since_us;               /* nothing of before; 0: however old */
};

struct activity_line {
    const struct record_type *type;
    int64_t record;
    const char *name; /* NULL: it has none */
    bool deleted;
    struct history_line what;
};

struct activity_group {
    int64_t batch, at_us, day;
    int64_t author;     /* 0: the program, or hidden */
    const char *person; /* NULL likewise */
    const struct activity_line *lines;
    size_t count;
    bool more;     /* others too, that the viewer may see, not among these lines */
    bool may_undo; /* as a whole: door_may_undo() */
};

struct activity {
    struct activity_group *groups;
    size_t count;
    int64_t next; /* where the next page goes on; 0: at the end. May stand at an entry that the viewer may not
                   * see, whose id tells when: it goes outside sealed only */
};

/* Cost: at most 100,000 entries of the journal passed over and a thousand of them judged, however long it is:
 * within that, what is not for the viewer changes nothing of the answer. */
struct fault *activity_load(struct door *, const struct activity_request *, struct activity *) MUST_CHECK;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_ATTACHED_VIEW_H
#define GRAPPE_ATTACHED_VIEW_H

#include "pages/frame.h"

struct note_view {
    const char *text, *who, *when, *kept, *href; /* kept: to whom, when not to all who see the record */
};

/* What stands below a record: its notes, and the mark of who follows it. */
struct attached_view {
    int64_t id;     /* of the record; 0: nothing hangs on such a one, or this viewer is shown nothing */
    const char *by; /* the field that leads to it */
    const struct note_view *notes;
    size_t note_count;
    struct writer_view {
        int64_t id;
        const char *name;
    } * writers; /* the organisations one may write for */
    size_t writer_count;
    int64_t follow, follow_version; /* 0: not followed */
};
struct fault *attached_load(struct request *, const struct record_type *, int64_t id,
                            struct attached_view *) MUST_CHECK;

struct followed_view {
    struct frame frame;
    const struct followed_line {
        const char *href, *name, *kind, *since;
        int64_t id, version;
    } * lines;
    size_t count;
};

#endif

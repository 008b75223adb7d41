/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_ATTACHED_VIEW_H
#define GRAPPE_ATTACHED_VIEW_H

#include "pages/frame.h"
#include "pages/record_draw.h"

struct record_edit_view;

struct note_view {
    const char *text, *who, *when, *kept, *href; /* kept: to whom, when not to all who see the record */
    bool off;                                    /* taken off the record */
    const char *off_href;                        /* where that is done or undone; NULL: not by this viewer */
};

/* A document with its newest version, or one of its versions. */
struct file_view {
    const char *name, *href, *about, *kept; /* href: of the file; NULL: there is none yet */
    const char *page_href;                  /* of the document; NULL: this is a version */
    bool off;
    const char *off_href;
};

/* What stands below a record: its notes and documents, or a document's versions; the mark of who follows it. */
struct attached_view {
    int64_t id;     /* of the record; 0: nothing hangs on such a one, or this viewer is shown nothing */
    const char *by; /* the field that leads to it; NULL: it carries neither notes nor marks */
    const struct file_view *files;
    size_t file_count, file_standing; /* standing: not taken off */
    bool looked_after;                /* by the viewer: they may take off what is there */
    const char *give_href; /* where a file is given; NULL: not by this viewer */
    bool versions;         /* the files are a document's versions */
    const struct note_view *notes;
    size_t note_count, note_standing;
    struct writer_view {
        int64_t id;
        const char *name;
    } * writers; /* the organisations one may write for */
    size_t writer_count;
    int64_t follow, follow_version; /* 0: not followed */
};
/* What the record hangs on, if the viewer may see it; nothing, if not: an address is not said back as if it led
 * somewhere. */
struct fault *hanging_keep_seen(const struct request *, const struct record_type *, void *record) MUST_CHECK;

/* A version's bytes, as a file. */
struct fault *version_answer(struct request *, struct response *, int64_t id) MUST_CHECK;

struct fault *attached_load(struct request *, const struct record_type *, int64_t id,
                            struct attached_view *) MUST_CHECK;

/* Giving a file: with the document it begins, or as a new version of one. */
struct give_view {
    struct frame frame;
    const char *heading, *action, *cancel_href, *accept;
    const struct record_edit_view *document; /* its fields; NULL: a version is given */
    const struct form_state *state;
};

/* Notes and documents wherever they hang: those of the viewer's organisations, or what says some words. */
struct said_view {
    struct frame frame;
    const char *words; /* "": one's own */
    const struct said_line {
        const char *name, *href, *kind, *whose, *on, *on_href, *kept, *when; /* on NULL: it may not be seen */
        const char *withdraw_href;                                           /* NULL: another's */
        int64_t version;
        bool off;
    } * lines;
    size_t count;
    bool more; /* there are older ones */
};

struct followed_view {
    struct frame frame;
    const struct followed_line {
        const char *href, *name, *kind, *since;
        int64_t id, version;
    } * lines;
    size_t count;
};

#endif

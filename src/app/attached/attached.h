/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attached.h - what hangs on a record: notes, and the marks of those who follow it.
 *
 * Who sees the record sees what hangs on it, as far as that is not kept to fewer; nobody else does (field.within).
 * All of it is read and written as records are; this is what several rooms ask. */
#ifndef GRAPPE_ATTACHED_H
#define GRAPPE_ATTACHED_H

#include "door/door.h"

/* The field by which records of `type` hang on those of another; NULL: they do not. */
const struct field *attached_by(const struct record_type *type, const struct record_type *to);

/* Those that hang on a record and the viewer may see, newest first, at most LIMIT_LIST_ROWS: read whole. */
struct fault *attached_list(struct door *, const struct record_type *, const struct record_type *to, int64_t id,
                            struct list_page *) MUST_CHECK;

/* What a note or a document says of itself in lists: its words, or its title. */
const struct field *attached_says(const struct record_type *);
/* Those of a type that say all these words and the viewer may see, newest first, at most LIMIT_LIST_ROWS: read
 * whole. Cost: a look at each that the viewer may see. */
struct fault *attached_search(struct door *, const struct record_type *, const char *words,
                              struct list_page *) MUST_CHECK;

/* The viewer's mark on a record; its id is 0 when they do not follow it. */
struct fault *follow_find(struct door *, const struct record_type *to, int64_t id, struct follow *) MUST_CHECK;

/* The viewer's marks on what they may see today, newest first. */
struct fault *follows_list(struct door *, struct follow **, size_t *count) MUST_CHECK;

/* All that the viewer follows, and what hangs on it, as far as they may see it: ids. */
struct fault *followed_records(struct door *, int64_t **ids, size_t *count) MUST_CHECK;

/* What a mark leads to. */
const struct record_type *followed_type(const struct follow *);
int64_t followed_id(const struct follow *);

/* A rule of the door (door/rules.h): nobody follows a record twice. */
struct fault *follow_saving(struct door *, const void *record, const void *stored) MUST_CHECK;

/* Rules of the door too: nothing is shown to everybody on a record that the viewer does not look after, and at
 * most LIMIT_ATTACHED are hung there; a note is opened to more by who signed it; a document whose files are gone
 * does not come back. */
struct fault *note_saving(struct door *, const void *record, const void *stored) MUST_CHECK;
struct fault *document_saving(struct door *, const void *record, const void *stored) MUST_CHECK;

#endif

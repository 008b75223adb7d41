/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - the inside of a door, shared by the files of this room only. */
#ifndef GRAPPE_DOOR_INTERNAL_H
#define GRAPPE_DOOR_INTERNAL_H

#include "door/door.h"
#include "door/kept.h"
#include "door/known.h"
#include "door/read_log.h"
#include "rows/rows.h"

struct door {
    struct space *space;
    struct arena *arena;
    struct connection *read;
    struct transaction *transaction; /* NULL outside door_begin … door_commit */
    struct once *once;               /* the request being done once; NULL */
    struct viewer viewer;
    const char *person_name;
    int64_t answered; /* struct known */
    int64_t day;        /* on which it was opened: one day for all that it answers */
    int64_t generation; /* of `read`; UNKNOWN_INTEGER: not asked yet */
    enum reading_way way;
    struct buffer *held; /* readings that wait for their reader; NULL: they are noted at once */
};

struct db *space_db(struct space *);
struct known_people *space_people(struct space *);
struct kept_tables *space_kept(struct space *);
struct read_log *space_readings(struct space *);

/* All of a person's, whatever their days and whoever asks. */
struct fault *mandates_of(struct door *, int64_t person, struct mandate **, size_t *count) MUST_CHECK;

/* Notes that the viewer was shown this record, as far as it was shown, when that is to be noted. */
struct fault *note_reading(const struct door *, const struct record_type *, const void *shown) MUST_CHECK;

/* Hidden fields to unknown; which are left. */
field_mask door_mask(const struct door *, const struct record_type *, void *record);

/* Was what stood before the entry `bound` open to the viewer, given whose it is now? `then` receives it. */
struct past;
struct fault *state_open(struct door *, const struct record_type *, const struct past *, int64_t owner,
                         int64_t bound, void *then, bool *open) MUST_CHECK;

/* door_list for list_request.as_of, and behind. */
struct fault *list_as_of(struct door *, const struct list_query *, int64_t at_us, int64_t behind,
                         struct list_page *) MUST_CHECK;

/* References of the records that lead to what the viewer may not see, to none: one statement for each field
 * that refers. Those to the owner stay, as no record is seen without its owner. */
struct fault *hide_references(struct door *, const struct record_type *, void *records,
                              size_t count) MUST_CHECK;
/* May the viewer see the record that a reference leads to? */
struct fault *reference_seen(struct door *, const struct field *, int64_t id, bool *seen) MUST_CHECK;

/* Before the first change of a request that is done once: CONFLICT when it was done in the meantime. */
struct fault *once_begun(struct door *) MUST_CHECK;
struct fault *once_over(void) MUST_CHECK;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rights.h - who may see and change what, as pure functions of a viewer and a description.
 *
 * The store turns the same rules into SQL for lists (store/rows); a test compares the two on every
 * combination. */
#ifndef GRAPPE_RIGHTS_H
#define GRAPPE_RIGHTS_H

#include "record/record.h"

/* Who asks. The program itself (import on the command line, demo, verification) sees and writes
 * everything. */
struct viewer {
    bool program;
    int64_t person;               /* 0: nobody signed in */
    int roles;                    /* bits of enum role; ROLE_VISITOR always */
    const int64_t *organisations; /* with a mandate in force today */
    size_t count;
    const int64_t *competitors; /* of one of these, whichever of the two said so */
    size_t competitor_count;
};

bool viewer_signed_in(const struct viewer *);
bool viewer_acts_for(const struct viewer *, int64_t organisation); /* has a mandate for it */

/* May a viewer see something of this level that `owner` owns (0: the space)? Cost O(mandates). */
bool level_visible(const struct viewer *, enum visibility level, int64_t owner);

/* The record's own level, and the organisation that owns it (0: the space itself). */
enum visibility record_level(const struct record_type *, const void *record);
int64_t record_owner(const struct record_type *, const void *record);

/* The record alone; whether its owner organisation, and what it hangs on, are visible too is the store's to
 * know. */
bool record_visible(const struct record_type *, const void *record, const struct viewer *);
bool field_visible(const struct record_type *, const struct field *, const void *record,
                   const struct viewer *);

/* May this field order, filter or count a list of the type for this viewer? Only when the viewer would see it
 * on every record of the list: an order by a hidden value betrays it. */
bool field_listable(const struct field *, const struct viewer *);

/* Some fields are not the owner's to write: who confirmed a know-how, who added the record; and of what
 * somebody else has signed, nothing but who sees it. `record`: as it stands; a new one has no id yet. */
bool field_writable(const struct record_type *, const struct field *, const void *record,
                    const struct viewer *);

/* Is it the viewer's to look after, if they see it: their organisation's, or a facilitator's? Who looks after
 * a record takes off what others hang on it. */
bool record_looked_after(const struct record_type *, const void *record, const struct viewer *);

/* May the viewer create such a record, or change it? */
bool record_writable(const struct record_type *, const void *record, const struct viewer *);
/* Could the viewer create any record of this type at all (shows the button)? */
bool type_creatable(const struct record_type *, const struct viewer *);

#endif

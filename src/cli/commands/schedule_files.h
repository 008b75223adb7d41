/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* schedule_files.h - the files of `grappe schedule`: requests, availabilities, caps, a plan. */
#ifndef GRAPPE_SCHEDULE_FILES_H
#define GRAPPE_SCHEDULE_FILES_H

#include "schedule/schedule.h"
#include "table/table.h"

struct vocabulary;

struct schedule_file {
    struct schedule_problem problem;
    struct vocabulary *persons; /* their names, by number */
    bool *second;
    uint64_t *there; /* NULL: everybody, always */
    int *cap;
    struct meeting_request *requests;
    struct priorities {
        int of[2];
    } * priorities; /* of each request: a's, b's */
};

/* `problem` has slots, tables, one_set and fairness; the rest is filled. Columns a, b and perhaps priority_a
 * and priority_b (0 to 9; without them a has asked). Lines of the same two persons are one request, with the
 * higher priority of each. Called again, adds to what is there. INVALID, with file, line and column, for a
 * person with himself, on both sides, or whom nobody asked for. */
struct fault *schedule_requests_read(struct arena *, struct table *, const char *path,
                                     struct schedule_file *) MUST_CHECK;
/* Columns person and slot: each line is one slot in which the person is there; who has no line is never
 * there. Persons without requests are passed over. */
struct fault *schedule_availability_read(struct arena *, struct table *, const char *path,
                                         struct schedule_file *) MUST_CHECK;
/* Columns person and cap. */
struct fault *schedule_caps_read(struct arena *, struct table *, const char *path,
                                 struct schedule_file *) MUST_CHECK;
/* Columns a, b and slot: the slot of each request, -1 for those that are not in the file. */
struct fault *schedule_plan_read(struct arena *, struct table *, const char *path,
                                 const struct schedule_file *, int **slots) MUST_CHECK;
/* Who does not come from slot `now` on. NOT_FOUND for a name nobody has. */
struct fault *schedule_absent(struct arena *, struct schedule_file *, struct slice name, int now) MUST_CHECK;
/* The request of two persons, in this order or, for one set, any; -1: none. Cost O(requests). */
int64_t schedule_request_of(const struct schedule_file *, struct slice a, struct slice b);

#endif

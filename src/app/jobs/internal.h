/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - what asking and doing share; the inside of this room. */
#ifndef GRAPPE_JOBS_INTERNAL_H
#define GRAPPE_JOBS_INTERNAL_H

#include "arena/arena.h"
#include "bell/bell.h"
#include "jobs/jobs.h"
#include "queries/jobs.h"
#include "roster/work.h"

enum { JOB_MOST_KINDS = 16, JOB_RUNNER = 24 };

struct jobs {
    struct db *roster;
    struct job_kind kinds[JOB_MOST_KINDS];
    size_t kind_count;
    char runner[JOB_RUNNER + 1]; /* of this process, unlike any other */
    struct bell bell;
};

const struct job_kind *job_kind_named(const struct jobs *, const char *name); /* NULL: none */

enum job_state job_state_named(const char *);
const char *job_state_name(enum job_state); /* as the row has it */

/* A member of the arguments, "" when there is none. */
const char *job_argument_of(struct arena *, const char *json, const char *name);

/* FOLDER/jobs/SPACE/ID; the folders are made when `make`. */
struct fault *job_file_path(struct arena *, const struct space *, int64_t id, bool make,
                            char **path) MUST_CHECK;

/* What was read for it, to be noted when it is fetched. */
const char *job_readings_path(struct arena *, const char *path);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef GRAPPE_JOB_VIEW_H
#define GRAPPE_JOB_VIEW_H

#include "jobs/jobs.h"
#include "pages/frame.h"

/* A job in words. */
struct job_line {
    const struct job *job;
    const char *href, *state, *badge, *icon; /* badge: a class */
    const char *asked, *spent;               /* "22 nov. 2026, 14:05"; spent: NULL until it has ended */
    const char *count, *left; /* "12 400 of 100 000", "about 2 minutes left"; NULL: not known */
    int percent;
    bool open; /* waits or runs */
};

struct jobs_view {
    struct frame frame;
    const struct job_line *lines;
    size_t count;
    bool everybody, moving; /* moving: one of them is open */
};

struct job_view {
    struct frame frame;
    struct job_line line;
    const char *cancel_href, *file_href, *again; /* again: when it will be tried again; NULL */
    bool everybody;
};

/* A file that is too long to wait for. */
struct export_view {
    struct frame frame;
    const char *list, *page, *rows;
    int64_t rows_count;
};

/* Leads to the page of a job just asked for, which leads on to its result when it is done. */
void job_follow(struct request *, struct response *, int64_t job);

#endif

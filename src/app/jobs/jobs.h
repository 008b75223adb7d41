/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* jobs.h - what takes longer than a page: asked for, done by a thread of the server, watched, cancelled.
 *
 * A job is a row of its space and survives a restart. Its kind is a row of a table, name → function; its
 * arguments are JSON; the rights are those the asker has when it runs. While it runs, a lease in the server's
 * directory says who does it, how far it is, and whether somebody wants it to stop: so several processes may
 * share a directory, and none waits for the space's writer to know. A lease that is not renewed within
 * JOB_LEASE_S is another's to take, and only whoever took a job last can end it: what a job does to the space
 * ends it in the same transaction (job_done_in), and so happens once. */
#ifndef GRAPPE_JOBS_H
#define GRAPPE_JOBS_H

#include "door/door.h"
#include "text/slice.h"

enum {
    JOB_LEASE_S = 6,
    JOB_MOST_OPEN = 20,    /* of a person, waiting or running */
    JOB_MOST_FAILURES = 5, /* then it is given up */
    JOB_FILE_AGE_S = 7 * 86400,
    JOB_AGE_S = 30 * 86400 /* of the row, after its end */
};

/* --- kinds ------------------------------------------------------------------------------------------ */

struct job_run; /* a job in hand */

/* Does the work, telling job_step() of it several times a second. A fault ends it: IO is tried again later,
 * any other is told to the asker. Success without job_done_in() is done as well. */
typedef struct fault *job_function(struct job_run *);

struct job_kind {
    const char *name;  /* "import": stands in the row */
    const char *title; /* N_(): "Import a file" */
    job_function *run;
    void *owner; /* for job_owner() */
};

struct arena *job_arena(const struct job_run *); /* lives as long as the run */
struct door *
job_door(const struct job_run *); /* the asker's; what it reads counts when its file is fetched */
void *job_owner(const struct job_run *);
int64_t job_id(const struct job_run *);
const char *job_argument(const struct job_run *, const char *name); /* "" when there is none */

/* `done` of `total` (0: nobody knows), and what is being done: a msgid, or NULL as before. A fault when the
 * work must stop, because it was cancelled, the server ends, or somebody else does it by now: return it. */
struct fault *job_step(struct job_run *, int64_t done, int64_t total, const char *note) MUST_CHECK;

/* Keeps a file as the result, for the asker, JOB_FILE_AGE_S from the end on. */
struct fault *job_file(struct job_run *, const char *file_name, const char *type,
                       struct slice content) MUST_CHECK;
/* Ends the job inside a transaction of its space: both happen, or neither. `outcome` (NULL: none) can be read
 * by job_outcome() from then on. CONFLICT when the job is another's by now. */
struct fault *job_done_in(struct job_run *, struct door *in_transaction, const char *outcome) MUST_CHECK;

/* --- asking and watching ---------------------------------------------------------------------------- */

struct db;
struct jobs; /* the jobs of a server: its directory and its kinds */

struct jobs *jobs_new(struct db *roster);
void jobs_free(struct jobs *);
/* The kinds must outlive `jobs`; all are added before the first one is asked for. */
void jobs_add_kinds(struct jobs *, const struct job_kind *, size_t count);

/* For the person behind the door, which is in no transaction (DENIED for a visitor). The same thing asked for
 * again while it waits or runs is the same job. LIMIT beyond JOB_MOST_OPEN. arguments: name, value, … ending
 * with NULL; "about" says in the list what it is about, "link" is the path of this site where its result will
 * be seen. */
struct fault *job_ask(struct jobs *, struct door *, const char *kind, const char *const *arguments,
                      int64_t *id) MUST_CHECK;

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct job {
    int64_t id, person;
    const char *kind, *title; /* title: translated */
    const char *person_name;  /* NULL: hidden */
    const char *about;        /* the argument "about" it was asked with, or "" */
    enum job_state state;
    bool cancelling;     /* runs still, but not for long */
    bool again;          /* waits for another try after a fault */
    int64_t done, total; /* total 0: not known */
    int64_t left_s;      /* estimated; UNKNOWN_INTEGER: not yet */
    const char *note;    /* translated; "" */
    int64_t created_us, started_us, ended_us, due_us;
    const char *problem, *link;
    const char *file_name; /* NULL: no file, or not this viewer's */
    uint64_t version;      /* changes with all of this */
};

/* NOT_FOUND unless it is one's own, or the viewer is a facilitator or the program. */
struct fault *job_find(struct jobs *, struct door *, int64_t id, struct job *) MUST_CHECK;
/* Its version alone: two look-ups by key. */
struct fault *job_version(struct jobs *, struct door *, int64_t id, uint64_t *version) MUST_CHECK;
/* Newest first: one's own, or all for a facilitator and the program. */
struct fault *job_list(struct jobs *, struct door *, int64_t most, struct job **, size_t *count) MUST_CHECK;
/* CONFLICT when it has ended. */
struct fault *job_cancel(struct jobs *, struct door *, int64_t id) MUST_CHECK;
/* The file of a job, for its asker alone: a facilitator sees less than some askers do. What the job read
 * through job_door() for it is noted as read now, each time. */
struct fault *job_file_read(struct jobs *, struct door *, int64_t id, struct slice *content,
                            const char **name, const char **type) MUST_CHECK;
/* What job_done_in() kept; NULL when the job is not done. One's own alone. */
struct fault *job_outcome(struct door *, int64_t id, const char **outcome) MUST_CHECK;

/* --- doing ------------------------------------------------------------------------------------------ */

/* What the thread that works needs of the house around it. */
struct job_house {
    struct space *(*space_named)(void *house, const char *name); /* NULL: no such */
    /* Once a second while a job runs: whatever else the thread has to do. */
    void (*turn)(void *house, const struct space *busy);
    bool (*stopping)(void *house);
    void *house;
};

/* Runs what is due, one job after the other, until nothing is or the house stops. *ran (may be NULL): jobs
 * that ended. */
struct fault *jobs_work(struct jobs *, const struct job_house *, size_t *ran) MUST_CHECK;
/* Returns when something is asked for in this process, or after `most_ms`. */
void jobs_wait(struct jobs *, int most_ms);
void jobs_ring(struct jobs *); /* makes jobs_wait() return */
/* Removes what is too old, and has the space looked at once more. */
void jobs_sweep(struct jobs *, struct space *);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* uploads.h - a file of firms that came through a browser, step by step: kept, its columns, what would
 * happen, what happened.
 *
 * The file waits beside the space, in uploads/SPACE/TOKEN/, readable by the program alone, for the person who
 * sent it and nobody else. The mapping that was chosen waits with it, so each step is an address that can be
 * opened again. It goes UPLOAD_AGE_S after the last step, and as soon as it is imported: the report alone
 * then stays as long.
 *
 * Every function needs a facilitator behind the door (DENIED); a token that is unknown, too old, or somebody
 * else's is NOT_FOUND. */
#ifndef GRAPPE_UPLOADS_H
#define GRAPPE_UPLOADS_H

#include "door/door.h"

struct jobs;

enum {
    UPLOAD_AT_ONCE = 2000, /* rows: what a page imports while somebody waits; more is a job's work */
    UPLOAD_AGE_S = 24 * 3600,
    UPLOADS_MOST = 50, /* files waiting in a space */
    UPLOAD_SAMPLES = 3 /* values shown of a column */
};

/* What a column can be read into. */
struct upload_field {
    const char *key, *label; /* "commune"; in the thread's language */
    const char *group;       /* the record it belongs to: "Site" */
};
const struct upload_field *uploads_fields(struct arena *, size_t *count); /* by group */

struct upload_column {
    const char *name, *samples;
    const char *key; /* the field it becomes; "" when it is left out */
    bool official;   /* read as a column of the national register, whatever is chosen */
};

struct uploaded {
    const char *token, *file, *encoding;
    char separator;            /* NUL: a file of one column */
    const char *sheet;         /* of a workbook; NULL: a CSV */
    const char *const *sheets; /* the visible ones of a workbook that waits */
    size_t sheet_count;
    int64_t rows;
    bool large; /* more rows than UPLOAD_AT_ONCE */
    const struct upload_column *columns;
    size_t column_count, official_count;
    bool remembered;                    /* mapped as for the last file with this header */
    const struct upload_result *result; /* of the import that was made; NULL: not yet, else no columns */
};

struct upload_result {
    int64_t lines, created, completed, unchanged, passed_over, refused;
    int64_t sites, capabilities, certificates, people; /* added */
    const struct upload_refusal {
        int64_t line;
        const char *column, *given, *reason; /* as in struct import_refusal */
    } * refusals;
    size_t refusal_count;
    const struct upload_known {
        int64_t line, organisation; /* as in struct import_known */
        const char *name;
    } * known; /* in a preview, the first LIMIT_IMPORT_KNOWN */
    size_t known_count;
    const char *const *unknown; /* words in columns of terms that no taxonomy has */
    size_t unknown_count;
    const struct upload_row {
        int64_t line;
        const char *outcome; /* a msgid: "created" … */
        bool added, refused;
        const char *name, *place, *identifier, *know_how; /* as they will be; "" when unknown */
        const char *problem;                              /* NULL: none */
    } * rows;                                             /* the first ones, in a preview */
    size_t row_count;
    int64_t batch; /* 0: nothing was kept */
};

/* Keeps a file. INVALID when it is no CSV or workbook with a header and a line (the text says what to do),
 * LIMIT when UPLOADS_MOST wait already; then nothing stays. Of a workbook, the first visible sheet with a
 * line is read until another is chosen. Cost: one reading of the file. */
struct fault *uploads_keep(struct door *, const char *file_name, struct slice content,
                           const char **token) MUST_CHECK;

/* Reads another sheet of the workbook from now on; the mapping chosen for the one before is forgotten.
 * INVALID when there is none of that name, or no line in it: then all is as it was. CONFLICT once it is
 * imported. */
struct fault *uploads_choose_sheet(struct door *, const char *token, const char *sheet) MUST_CHECK;

/* More rows than UPLOAD_AT_ONCE: a job previews and imports them. */
struct fault *uploads_large(struct door *, const char *token, bool *large) MUST_CHECK;

struct fault *uploads_open(struct door *, const char *token, struct uploaded *) MUST_CHECK;

/* Keeps what the columns become: a key of upload_field for each, "" leaves it out, NULL is as it was. INVALID
 * with the field "m3" for the fourth column when there is no such key, when two columns become what only one
 * can be, and with
 * "" when no column says who a line is about; then the mapping is as it was. */
struct fault *uploads_map(struct door *, const char *token, const char *const *keys, size_t count) MUST_CHECK;

/* Whoever is told how far an import is. */
struct upload_watch {
    struct fault *(*progress)(void *with, int64_t done, int64_t total); /* a fault ends it: nothing is kept */
    /* Last of all in the transaction that keeps it, with its report as a text; NULL: nobody is. */
    struct fault *(*keeping)(void *with, struct door *, const char *report);
    void *with;
};

/* What the import would do; nothing changes. Cost: as the import. It stays until the columns change. */
struct fault *uploads_preview(struct door *, const char *token, const struct upload_watch *,
                              struct upload_result *) MUST_CHECK;
/* What it said last. */
struct fault *uploads_previewed(struct door *, const char *token, struct upload_result *,
                                bool *there) MUST_CHECK;

/* Imports, in one transaction. Asked twice (a double click), the second gets the report of the first. When no
 * line could be kept, batch is 0 and the file still waits. */
struct fault *uploads_run(struct door *, const char *token, const struct upload_watch *,
                          struct upload_result *) MUST_CHECK;

/* Asks for a preview or an import as a job, whose result is to be seen at `link`. */
struct fault *uploads_ask(struct jobs *, struct door *, const char *token, bool preview, const char *link,
                          int64_t *job) MUST_CHECK;
void uploads_add_jobs(struct jobs *); /* the kinds of jobs of this room */

/* imports_undo(), for pages and programs: as a job when the import kept more than UPLOAD_AT_ONCE organisations, at once when not (*job 0). */
struct fault *uploads_ask_undo(struct jobs *, struct door *, int64_t batch, const char *link,
                               int64_t *job) MUST_CHECK;

/* Removes what is too old. A server does so every hour (house/house.h), uploads_keep() before it keeps. */
void uploads_sweep(const struct space *);

#endif

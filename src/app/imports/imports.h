/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* imports.h - a file of firms into a space: guessed, shown, done in one transaction, undone.
 *
 * One line of the file creates or completes one organisation, its site, its know-how, its certificates and a
 * contact. An organisation that is there already (by SIRET, then SIREN, then foreign registration, then
 * folded name and commune; in the space and within the file) is completed: empty fields are filled, nothing
 * is overwritten, except that a real name takes the place of one that stood in for it, and an exact position
 * that of an approximate one.
 *
 * A line that cannot be kept is refused with all its reasons and the others go in; with `strict` one refusal
 * keeps everything out. A fault of the disk or the database keeps everything out always.
 *
 * Every function here needs a facilitator, or the program itself, behind the door: else DENIED. The door must
 * not be in a transaction: the import makes its own. */
#ifndef GRAPPE_IMPORTS_H
#define GRAPPE_IMPORTS_H

#include "door/door.h"
#include "table/table.h"

/* What a column can be read into. */
struct import_field {
    const char *key;   /* for --map and remembered mappings: "commune" */
    const char *label; /* translated by tr() */
};
size_t import_field_count(void);
struct import_field import_field_at(size_t);

#define IMPORT_LEFT_OUT (-1)
#define IMPORT_OFFICIAL (-2) /* read as a column of the national register */

struct import_columns {
    int columns;
    int *field;                           /* of each column: an import_field, or one of the two above */
    bool remembered;                      /* somebody confirmed it for a file with the same header */
    const struct register_format *format; /* NULL: not a file of the register */
};

/* The mapping of a file whose header was read: the remembered one, else by names and synonyms, French and
 * English. `type` is "organisation", the only one so far: else INVALID. */
struct fault *imports_guess(struct door *, const struct table *, const char *type,
                            struct import_columns *) MUST_CHECK;

/* Lays "column=field" over the mapping; "column=" leaves the column out. INVALID names what is unknown, and
 * lists the columns or fields there are. */
struct fault *imports_map(struct arena *, const struct table *, struct import_columns *,
                          const char *assignment) MUST_CHECK;

enum import_outcome {
    IMPORT_CREATED,
    IMPORT_COMPLETED,
    IMPORT_UNCHANGED,
    IMPORT_PASSED_OVER,
    IMPORT_REFUSED
};
const char *
    import_outcome_name(enum import_outcome); /* "created" …: for JSON; translated by tr() for people */

struct import_refusal {
    int64_t line;
    const char *column; /* "" when no column alone is at fault */
    const char *given;  /* the class of the value, never the value: "9 digits", "text of 12 characters" */
    const char *reason;
};

/* A line about an organisation that is there already. */
struct import_known {
    int64_t line, organisation; /* organisation 0: a line before made it, or the importer may not see it */
    const char *name;           /* as the space has it, if the importer may see it; else as the file has it */
};

struct import_preview {
    int64_t line;
    enum import_outcome outcome;
    const char *name, *place, *identifier, *know_how; /* as they will be; "" when unknown */
    const char *problem;                              /* NULL: none */
};

struct import_report;

struct import_options {
    const char *file;               /* its name, for the list of imports */
    bool dry_run;                   /* everything but the last step */
    bool strict;                    /* one refusal keeps everything out */
    int64_t most_lines;             /* 0: all */
    struct import_preview *preview; /* room for most_lines, or NULL */
    /* Called now and then, at least once at the end; bytes_total -1 when not known. A fault ends the import,
     * and nothing of it stays. */
    struct fault *(*progress)(void *with, int64_t lines, int64_t bytes, int64_t bytes_total);
    void *progress_with;
    /* Called last of all in the transaction that keeps the import, with its report; NULL: nobody is. */
    struct fault *(*keeping)(void *with, struct door *, const struct import_report *);
    void *keeping_with;
    /* Reads facts out of free text into a capability that is about to be saved; NULL: none are. */
    struct fault *(*read_text)(void *with, struct arena *, const char *text, struct capability *);
    void *read_with;
};

struct import_report {
    int64_t lines, created, completed, unchanged, passed_over, refused;
    int64_t sites, capabilities, certificates, people; /* added */
    const struct import_refusal *refusals; /* one a problem, LIMIT_IMPORT_REFUSALS at most; lines are whole */
    size_t refusal_count;
    int64_t refused_told;       /* lines they are about */
    bool refusals_full;         /* the lines after were only counted */
    struct import_known *known; /* the first LIMIT_IMPORT_KNOWN */
    size_t known_count;
    const char **unknown_terms; /* words in columns of terms that the taxonomies do not know; the first 100 */
    size_t unknown_term_count;
    bool done;     /* false after a dry run, when `strict` kept it out, or when no line could be kept */
    int64_t batch; /* the import_batch record, 0 when not done */
};

/* The first lines as they will be, at most LIMIT_PREVIEW_ROWS; nothing changes. */
struct fault *imports_preview(struct door *, struct table *, const struct import_columns *,
                              struct import_preview **, size_t *count) MUST_CHECK;

/* Reads the file to its end. Cost about 60 µs a line; memory: 50 bytes a firm of the space and of the file.
 * The mapping is remembered for the next file with the same header. */
struct fault *imports_run(struct door *, struct table *, const struct import_columns *,
                          const struct import_options *, struct import_report *) MUST_CHECK;

/* Whoever is told how far an undo is. */
struct undo_watch {
    struct fault *(*progress)(void *with, int64_t done, int64_t total); /* a fault ends it: nothing changes */
    struct fault *(*keeping)(void *with, struct door *);                /* last of all in the transaction */
    void *with;
};

/* Takes an import back: what it made disappears, what it completed is as before. CONFLICT naming the records
 * when any was changed since, or when others came to depend on them; then nothing is undone. NOT_FOUND
 * without such a batch, CONFLICT when it was undone already. The watch may be NULL. Cost: some 110 µs a line
 * of the import. */
struct fault *imports_undo(struct door *, int64_t batch, const struct undo_watch *) MUST_CHECK;

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* limits.h - every ceiling of the program, named and in one place.
 *
 * Sizes are bytes unless the name says otherwise. A value over a limit is a FAULT_LIMIT with a message for
 * the user, never a crash and never a silent cut. */
#ifndef GRAPPE_LIMITS_H
#define GRAPPE_LIMITS_H

#define KIB ((size_t)1024)
#define MIB ((size_t)1024 * 1024)

/* Memory of one unit of work. */
#define LIMIT_REQUEST_MEMORY (64 * MIB)
#define LIMIT_COMMAND_MEMORY (4096 * MIB)
#define LIMIT_SCRATCH_MEMORY (256 * MIB)
#define LIMIT_JOB_MEMORY (1024 * MIB)

/* HTTP. */
#define LIMIT_BODY (1 * MIB)
#define LIMIT_UPLOAD (64 * MIB)
#define LIMIT_HEADERS (16 * KIB)
#define LIMIT_URL (8 * KIB)
#define LIMIT_FORM_FIELDS 500
#define LIMIT_FORM_FILES 20
#define LIMIT_BODIES_IN_MEMORY (256 * MIB) /* of all requests together */
#define LIMIT_REQUEST_QUEUE 1024           /* waiting for a worker; beyond: 503 */
#define LIMIT_LOOP_US 2000                 /* that a loop gives one request before a worker must do it */
#define LIMIT_RESPONSE (48 * MIB)
#define LIMIT_CONNECTIONS 12288
#define LIMIT_OTHER_DESCRIPTORS 1024 /* kept free of connections: spaces, logs, uploads */
#define LIMIT_CONNECTIONS_PER_ADDRESS 512
#define LIMIT_CONNECTION_IDLE_S 30

/* Records. */
#define LIMIT_TEXT 400
#define LIMIT_LONG_TEXT 20000
#define LIMIT_TERMS 200
#define LIMIT_FIELDS 64
#define LIMIT_LIST_ROWS 200
#define LIMIT_EXPORT_ROWS 200000
#define LIMIT_EXPORT_AT_ONCE 5000 /* while somebody waits; a longer file is a job's work */

/* Readings, in days: how long with their instant, and how long the line of their day is kept. */
#define LIMIT_READINGS_WHOLE_DAYS 31
#define LIMIT_READINGS_DAYS 366

/* Accounts. */
#define LIMIT_PASSWORD_MIN 8 /* characters; 15 are advised */
#define LIMIT_PASSWORD_MAX 200
#define LIMIT_SESSION_IDLE_S ((int64_t)30 * 60)
#define LIMIT_SESSION_AGE_S ((int64_t)12 * 60 * 60)
#define LIMIT_PROOF_AGE_S                                                                                    \
    ((int64_t)60 * 60) /* of who one is: exports by staff, roles, ways of signing in                         \
                        */
#define LIMIT_LINK_AGE_S ((int64_t)15 * 60)
#define LIMIT_STEP_AGE_S ((int64_t)10 * 60) /* between password and code */
#define LIMIT_INVITATION_AGE_S ((int64_t)14 * 24 * 60 * 60)
#define LIMIT_INVITATIONS 50 /* of one person, waiting */

#define LIMIT_ATTACHED 20 /* notes, or documents, of one organisation on a record that another looks after */

/* Documents, in bytes. */
#define LIMIT_DOCUMENT (16 * MIB)                /* one version */
#define LIMIT_DOCUMENTS ((int64_t)1024 * 1024 * 1024) /* all versions of an organisation */

/* Files. */
#define LIMIT_CSV_COLUMNS 512
#define LIMIT_CSV_FIELD (1 * MIB)
#define LIMIT_CSV_ROW (16 * MIB)
#define LIMIT_XLSX_ENTRIES 4096
#define LIMIT_XLSX_UNPACKED (1024 * MIB) /* all parts together, as the archive declares them */
#define LIMIT_XLSX_RATIO 250             /* unpacked bytes to a packed one, of parts over ... */
#define LIMIT_XLSX_RATIO_FROM (16 * MIB)
#define LIMIT_XLSX_TOKEN (4 * MIB) /* a tag or a comment */
#define LIMIT_XLSX_DEPTH 64        /* elements in elements */
#define LIMIT_XLSX_SHEETS 1000
#define LIMIT_XLSX_STRINGS (64 * MIB) /* the shared texts, which stay in memory */
#define LIMIT_XLSX_STRING_COUNT 4000000
#define LIMIT_XLSX_STYLES 65536
#define LIMIT_XLSX_FORMATS 1000
#define LIMIT_XLSX_MERGED 10000
#define LIMIT_XLSX_ROWS 1048576
#define LIMIT_XLSX_CELLS 20000000
#define LIMIT_IMPORT_REFUSALS 1000
#define LIMIT_IMPORT_KNOWN 24
#define LIMIT_PREVIEW_ROWS 20
#define LIMIT_GEO_FILE (512 * MIB)
#define LIMIT_GEO_POINTS 20000000

/* Search and matching. */
#define LIMIT_QUERY_WORDS 64
#define LIMIT_NEED_TEXT 20000
#define LIMIT_MATCHES 200

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* synergies_files.h - ties, attributes, queries, candidates and contacts out of plain files, for `grappe
 * synergies`.
 *
 * Columns are found by name, in any order; others are passed over. All or nothing: what cannot be read is
 * INVALID with file, line and column. Members and groups are numbered by the order of their names, so that
 * the order of lines and files changes nothing. */
#ifndef GRAPPE_SYNERGIES_FILES_H
#define GRAPPE_SYNERGIES_FILES_H

#include "synergy/synergy.h"

struct table;
struct vocabulary;

enum synergy_file { FILE_TIES, FILE_ATTRIBUTES, FILE_QUERIES, FILE_CANDIDATES, FILE_CONTACTS, SYNERGY_FILES };

struct named {
    int query, member; /* query: of a contact */
    int64_t line;
};

struct synergy_files {
    struct vocabulary *members, *groups, *countries, *kinds, *things;
    struct member_cells *cells; /* what is read of each member, by its number in `members` */
    size_t cell_count, cell_capacity;
    struct membership *ties;
    size_t tie_count, tie_capacity;
    struct holding *holdings;
    size_t holding_count, holding_capacity;
    struct named_list {
        const char *path; /* NULL: no such file */
        struct named *of; /* once finished: by query and member, each once */
        size_t count, capacity;
    } list[SYNERGY_FILES];

    /* Once finished; numbers are places in `names`. */
    struct slice *names, *thing_names;
    int member_count, group_count;
    bool has_attributes;
    struct attributes attributes;
    size_t unknown; /* queries that are in no other file */
};

struct synergy_files *synergy_files_new(struct arena *);
/* A file of ties: group, member and perhaps date (YYYY, YYYY-MM or YYYY-MM-DD) and weight (above 0), where an
 * empty cell is not known. Attributes: member and any of type, country, lat, lon, text, and lists
 * of things between semicolons: does and needs, spare and short, gives and takes; lines of one member
 * are put together. Queries and candidates: member. Contacts: query, member. */
struct fault *synergy_file_read(struct arena *, struct table *, const char *path, enum synergy_file,
                                struct synergy_files *) MUST_CHECK;
/* Once all are read: numbers members and groups; without a file of queries or of candidates, all who have
 * ties or attributes. INVALID, with the line, for a candidate or a contact that is in neither. */
struct fault *synergy_files_finish(struct arena *, struct synergy_files *) MUST_CHECK;

#endif

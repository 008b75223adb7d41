/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* shape.h - what the objects of the API look like, said once: a table of members from which a struct is
 * written as JSON, read from a body or from an address, and described in the OpenAPI document.
 *
 *   static const struct member place_members[] = {
 *       MEMBER(TEXT, place, commune, N_("Its name today")), MEMBER(REAL, place, km, NULL, .maybe = true)};
 *   static const struct shape place_shape = SHAPE("place", place, place_members);
 *
 * Written, every member is there; .maybe: null when unknown (text NULL, id 0, integer and real as ever).
 * Read, a member is needed unless it is .maybe, which leaves what was there. */
#ifndef GRAPPE_SHAPE_H
#define GRAPPE_SHAPE_H

#include "api/api.h"

enum shape_kind {
    SHAPE_TEXT,
    SHAPE_ID,      /* int64_t; a string of digits */
    SHAPE_INTEGER, /* int64_t */
    SHAPE_COUNT,   /* size_t */
    SHAPE_NUMBER,  /* int */
    SHAPE_REAL,
    SHAPE_FLAG,    /* bool */
    SHAPE_DAY,     /* int64_t, days; "2026-03-15" */
    SHAPE_INSTANT, /* int64_t, microseconds; "2026-03-15T08:00:00Z" */
    SHAPE_NAME,    /* int: an enum, by .names */
    SHAPE_TEXTS,   /* const char **, and .count */
    SHAPE_LIST,    /* struct *, and .count, of .of */
    SHAPE_ONE,     /* struct * of .of */
    SHAPE_RECORD,  /* struct api_record; .maybe: one that is not stored */
    SHAPE_LABEL    /* a text that is translated */
};

struct shape;
struct member {
    const char *name;
    enum shape_kind kind;
    size_t offset, count; /* count: where a size_t says how many */
    const struct shape *of;
    const char *const *names; /* of an enum, in its order; of a text, those there are; the last is NULL */
    const struct record_type *type; /* of a record */
    const char *about;              /* N_(); NULL: its name says it */
    const char *example;            /* of a text that is read */
    int64_t least, most;            /* of an integer; both 0: any */
    bool maybe;
};
struct shape {
    const char *name;
    const struct member *members;
    size_t count, size;
};

#define MEMBER(kind_, type_, name_, ...)                                                                     \
    {                                                                                                        \
        .name = #name_, .kind = SHAPE_##kind_, .offset = offsetof(struct type_, name_), .about = __VA_ARGS__ \
    }
/* The same under another name than the struct has. */
#define MEMBER_AS(public_, kind_, type_, name_, ...)                                                         \
    {                                                                                                        \
        .name = (public_), .kind = SHAPE_##kind_, .offset = offsetof(struct type_, name_),                   \
        .about = __VA_ARGS__                                                                                 \
    }
#define COUNTED(type_, count_) .count = offsetof(struct type_, count_)
#define SHAPE(name_, type_, members_)                                                                        \
    {                                                                                                        \
        (name_), (members_), COUNT(members_), sizeof(struct type_)                                           \
    }

/* A record as its reader sees it. */
struct api_record {
    const struct record_type *type;
    const void *record;
    field_mask shown;
};

void shape_put(struct json *, struct arena *, const struct shape *, const void *from);
void shape_put_list(struct json *, struct arena *, const struct shape *, const void *from, size_t count);

/* Answers with the object alone. */
void shape_answer(const struct request *, struct response *, const struct shape *, const void *from);

/* A body into a struct: false when a problem was answered that names every member at fault. */
bool shape_take(struct request *, struct response *, const struct shape *, void *to);
/* The same of the parameters of the address; lists are given by repeating the name. */
bool shape_ask(struct request *, struct response *, const struct shape *, void *to);

#endif

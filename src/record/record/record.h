/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record.h - what a description of a record type says, and the C types of its fields.
 *
 * A type is described once, in domain/records/<type>.def; schema, forms, lists, filters, CSV, journal, rights
 * and the data dictionary interpret that description. Unknown is not zero, in every kind. */
#ifndef GRAPPE_RECORD_H
#define GRAPPE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault/fault.h"
#include "number/checked.h"
#include "text/slice.h"

struct arena;

enum kind {
    KIND_text,     /* one line */
    KIND_longtext, /* paragraphs */
    KIND_integer,
    KIND_real,
    KIND_measure,  /* a length in nanometres; people type "0,8 mm", "±2 µm", "20µ" */
    KIND_interval, /* lo..hi: of lengths when unit is "nm", else of plain integers; either end may be
                    * unknown */
    KIND_flag,     /* yes, no, unknown */
    KIND_date,     /* days since 1970-01-01 */
    KIND_choice,   /* a code out of .choices */
    KIND_ref,      /* the id of a record of type .to */
    KIND_terms,    /* ids of taxonomy terms of the facets in .to ("process|material"; NULL: any), in
                    * record_term */
};

struct interval {
    int64_t lo, hi; /* inclusive; UNKNOWN_INTEGER: not known */
};

struct term_list {
    int64_t *ids;
    size_t count;
};

enum flag { FLAG_UNKNOWN = -1, FLAG_NO = 0, FLAG_YES = 1 };

typedef const char *c_text; /* NULL: unknown */
typedef const char *c_longtext;
typedef int64_t c_integer; /* UNKNOWN_INTEGER */
typedef double c_real;     /* NaN */
typedef int64_t c_measure;
typedef struct interval c_interval;
typedef enum flag c_flag;
typedef int64_t c_date;
typedef const char *c_choice;
typedef int64_t c_ref; /* 0: none */
typedef struct term_list c_terms;

/* Who may see a record or a field. A field's level can only narrow its record's. */
enum visibility {
    VISIBILITY_INHERIT, /* of a field: as the record */
    VISIBILITY_PUBLIC,
    VISIBILITY_SPACE,        /* every signed-in person of the space */
    VISIBILITY_NONCOMPETING, /* who acts for an organisation, none of which competes with its own */
    VISIBILITY_GRAPPE,       /* members of the named grappes; until grappes exist, as confidential */
    VISIBILITY_CONFIDENTIAL, /* its organisation and the facilitators */
    VISIBILITY_PRIVATE,      /* its organisation alone */
};

/* Roles are bits: a right is a set of roles, without order (see domain.md). */
enum role {
    ROLE_VISITOR = 1 << 0, /* anyone, signed in or not */
    ROLE_MEMBER = 1 << 1,
    ROLE_FACILITATOR = 1 << 2,
    ROLE_FUNDER = 1 << 3,
    ROLE_PLANNER = 1 << 4,
    ROLE_RESPONDENT = 1 << 5,
    ROLE_OPERATOR = 1 << 6,
};
#define ROLES_SIGNED_IN (ROLE_MEMBER | ROLE_FACILITATOR | ROLE_FUNDER | ROLE_PLANNER)
#define ROLES_ANYONE (ROLE_VISITOR | ROLES_SIGNED_IN)

/* What a program with a person's token may do of what the person may; bits. */
enum scope { SCOPE_READ = 1 << 0, SCOPE_WRITE = 1 << 1, SCOPE_ACCOUNT = 1 << 2, SCOPE_PEOPLE = 1 << 3 };

struct choice {
    const char *code, *label; /* the list ends with code NULL */
};

struct field {
    const char *name; /* column and parameter name */
    enum kind kind;
    size_t offset; /* in the struct */
    int id;        /* permanent within the type: journal entries refer to it, a rename breaks nothing */
    const char *label, *help, *unit;
    const char *group; /* the heading that begins here, in forms and on pages; NULL: under the one before */
    bool required, unique, listed; /* listed: a column of the list until the reader chooses */
    int64_t min, max; /* text: characters; numbers: bounds, when min < max. real: in whole units */
    struct fault *(*check)(const char *text); /* of the text form; pure */
    const struct choice *choices;
    const char *to;
    enum visibility visibility;
    const char *purpose;  /* why it is asked, for the page and the data dictionary */
    int retention_months; /* after it last served; 0: as long as the record */
    bool folded;          /* of a text: its folded form is kept too, because look-ups compare it */
    bool sought;          /* lists look for its values: it has an index */
    bool by_owner;        /* of one sought: whose the record is follows in its index */
    bool personal;        /* data about a person: erasable */
    bool within; /* of a ref: the record hangs on that one, and is seen only where that one is. A record of a
                  * type with such fields hangs on exactly one */
    bool takes_off; /* of a flag: set, the record is seen where it hangs no more, but by its organisation and
                     * by those who look after what it hangs on; only they write it (rights.h) */
    bool author; /* of a ref: the person who adds the record, written by the door; what it says is theirs */
    int writers; /* roles that may write it, narrower than the record's; 0: whoever may write the record */
    const char *initial; /* of a choice: the code a new record starts with */
};

struct record_type {
    const char *name, *title, *plural, *purpose;
    const struct field *fields;
    int count;
    size_t size;        /* of the struct */
    const char *owner;  /* the ref field naming the owning organisation; "id": it is one; NULL: the space */
    const char *reader; /* the ref naming the one person who reads and writes it; NULL: by level and owner */
    const char *visibility_field; /* the choice field that holds the record's own level, if it has one */
    enum visibility visibility;   /* the level, or the default of a new record */
    int readers, writers;         /* roles that may read at all; that may write besides the owner's people */
    bool owner_writes;            /* people with a mandate of the owner may write */
    int retention_months;         /* after it last served; 0: as long as the space */
    const char *basis;            /* what allows to keep its personal data; NULL: it has none */
    const char *name_field;       /* what stands for the record in lists and links */
    bool newest_first;            /* how lists begin, instead of by name */
    struct fault *(*check)(const void *record); /* across fields; pure */
};

/* Every struct of a record type starts like this. */
struct record_head {
    int64_t id, version; /* 0: not stored yet */
};

extern const struct choice visibility_choices[];
enum visibility visibility_of_code(const char *code); /* "space" …; NULL and unknown codes give PRIVATE */
const char *visibility_code(enum visibility);

const char *kind_name(enum kind);
const struct field *field_find(const struct record_type *, const char *name);
const char *choice_label(const struct field *, const char *code); /* translated; the code itself if unknown */

/* A record of the type in the arena, every field unknown. */
void *record_new(struct arena *, const struct record_type *);
/* A record that somebody begins: the codes that new records start with, and the level of their type. */
void record_start(const struct record_type *, void *record);
/* Sets every field to unknown. */
void record_clear(const struct record_type *, void *record);
bool field_known(const struct field *, const void *record);
bool field_equal(const struct field *, const void *a, const void *b);
static inline void *field_at(const struct field *f, void *record)
{
    return (char *)record + f->offset;
}
static inline const void *field_in(const struct field *f, const void *record)
{
    return (const char *)record + f->offset;
}

/* Is a facet among those that a field of terms takes (its .to: "process|material"; NULL: any)? */
bool facet_taken(const char *facets, const char *facet);

/* Adds a term at the end, once. The array is a new one: copies of the list keep theirs. */
void term_list_add(struct arena *, struct term_list *, int64_t id);

/* Reads what somebody typed (form, CSV, command line) into the field; empty text is unknown. All checks that
 * one field can make are made: kind, range, length, choice, .check. References and terms are given as ids
 * ("12", "12 15 16"); resolving names to ids is the caller's. An interval is typed "0,5 – 12 mm", "0,5 à 12
 * mm", "≤ 12 mm", "≥ 3", "5 mm". INVALID with the field named. Text is copied to the arena. */
struct fault *value_parse(const struct field *, struct arena *, struct slice typed, void *record) MUST_CHECK;

/* The field as one reads it in the thread's language ("0,8 mm", "oui", "3 mars 2026"), "" when unknown; and
 * as it is typed in a form or written to CSV (value_typed reads back to the same value in the same language).
 * References and terms print their ids; choices their label (value_plain: their code), and both are read. */
char *value_shown(const struct field *, struct arena *, const void *record);
char *value_typed(const struct field *, struct arena *, const void *record);

/* The form of the journal and of JSON: language-free, "" when unknown. value_load reads it back. */
char *value_plain(const struct field *, struct arena *, const void *record);
struct fault *value_load(const struct field *, struct arena *, struct slice plain, void *record) MUST_CHECK;

/* Do records of the type hang on others? */
bool type_hangs(const struct record_type *);
/* The field by which the record hangs on another; NULL: by none. */
const struct field *record_hangs_by(const struct record_type *, const void *record);

/* The flag by which records of the type are taken off what they hang on; NULL: they are not. */
const struct field *type_takes_off(const struct record_type *);
bool record_taken_off(const struct record_type *, const void *record);

/* Every field's required flag, that it hangs on one record where it must, then the type's own check. */
struct fault *record_check(const struct record_type *, const void *record) MUST_CHECK;

/* Lengths: "0,8 mm", "±2 µm", "20µ", "1.5 cm", "Ø 3" (millimetres when no unit), to nanometres.
 * A leading ± is accepted and dropped: whoever asks knows whether it is a half width. */
bool length_parse(struct slice typed, int64_t *nanometres);
char *length_print(struct arena *, int64_t nanometres); /* in the unit that reads best, thread's language */

/* Numbers as French and English people type them: "1 234,5", "1,234.5", "1e3", narrow spaces. */
bool real_parse(struct slice typed, double *value);
bool integer_parse(struct slice typed, int64_t *value);
/* "2026-03-15", "15/03/2026", "15.03.26", "15 mars 2026", "mars 2026" (its first day). */
bool date_parse(struct slice typed, int64_t *day);

#endif

/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door.h - the one door to the records: every load, list and change takes the acting person.
 *
 * A door is opened for one unit of work (a request, a command). What the viewer may not see does not come
 * through: hidden records are NOT_FOUND, hidden fields and references to hidden records come back unknown,
 * lists neither order nor filter by them, and a form that did not show a field cannot change it. */
#ifndef GRAPPE_DOOR_H
#define GRAPPE_DOOR_H

#include "records/records.h"
#include "rights/rights.h"

struct arena;
struct space; /* an open space: its database, its caches */

/* Of a file, or of postgresql://…?schema=NAME. */
struct fault *space_open(const char *path, struct space **) MUST_CHECK;
/* Makes it with its schema and the built-in taxonomy; CONFLICT when it exists. */
struct fault *space_create(const char *path, struct space **) MUST_CHECK;
void space_close(struct space *);
void space_discard(struct space *);           /* closed, and removed if space_create() made it */
bool space_made(const struct space *);        /* not there before space_create() */
const char *space_path(const struct space *); /* its file, or the address of its database */
/* Where files that belong to a space lie (uploads), and under which name: those of its own file until a house
 * says otherwise. */
const char *space_folder(const struct space *);
const char *space_name(const struct space *);
void space_settle_in(struct space *, const char *folder, const char *name);
/* Writes the readings that wait, seals journal entries still open, keeps the states of months that are over;
 * called by the server's sealer and at the end of commands. */
struct fault *space_seal(struct space *) MUST_CHECK;
/* The same for a thread that looks every second: nothing is begun when nothing is new. */
struct fault *space_seal_new(struct space *) MUST_CHECK;

/* Folds and drops the oldest readings (journal/readings.h), a turn a transaction, at most `turns` of them. */
struct fault *space_fold_readings(struct space *, int turns) MUST_CHECK;

/* Drops the bytes of documents that were removed more than UNDO_DAYS ago. */
struct fault *space_drop_contents(struct space *) MUST_CHECK;
/* Documents removed before this instant have no bytes any more, or are about to lose them. */
int64_t documents_gone_us(void);

struct door;

/* For a person of the space (0: a visitor), with the roles and mandates in force today. A person who may no
 * longer sign in is a visitor. */
struct fault *door_open(struct space *, struct arena *, int64_t person, struct door **) MUST_CHECK;
/* For the program itself on the operator's machine: command line, demo. Never for a request. */
struct fault *door_open_program(struct space *, struct arena *, struct door **) MUST_CHECK;

/* How a door reads. Opening a record above the level of the space, or one of whose fields above it something
 * was shown, is noted for its owner: by people on pages, unless said otherwise; by programs, exports and
 * commands for every record of a list too. The program itself reads unnoted unless it says how. */
enum reading_way { READING_NONE, READING_PAGE, READING_PROGRAM, READING_EXPORT, READING_COMMAND };
void door_read_as(struct door *, enum reading_way);

/* For the rooms of app/ only: does who is shown a list open what is in it? Then this, as far as it is filled,
 * was shown in one that was not asked for here. */
bool door_lists_open(const struct door *);
struct fault *door_note_listed(const struct door *, const struct record_type *, const void *shown) MUST_CHECK;
/* Its file was fetched, by a person or a visitor: noted whatever its level. */
struct fault *door_note_fetched(const struct door *, const struct record_type *, const void *shown) MUST_CHECK;
/* From here on readings are held instead of noted, while something is made of them that is fetched later;
 * what is held is a text, which the door of whoever fetches it notes. INVALID when it is none. */
void door_hold_readings(struct door *);
struct slice door_held_readings(const struct door *);
struct fault *door_note_held(const struct door *, struct slice held) MUST_CHECK;

/* Grows with every committed change of the space, whichever process made it: caches and validators compare
 * it. */
struct fault *door_generation(struct door *, int64_t *generation) MUST_CHECK;

struct arena *door_arena(const struct door *);
struct space *door_space(const struct door *);
const struct viewer *door_viewer(const struct door *);
const char *door_person_name(const struct door *); /* "" for a visitor */
/* Another number after each of the person's own requests whose answer is kept (door_once), when the door was
 * opened; the same whatever others do. 0: none is kept. */
int64_t door_answered(const struct door *);

/* Which fields of a record the viewer sees: bit i for fields[i] (at most LIMIT_FIELDS). */
typedef uint64_t field_mask;
#define ALL_FIELDS (~(field_mask)0)

struct fault *door_load_any(struct door *, const struct record_type *, int64_t id, void *record,
                            field_mask *shown) MUST_CHECK;
#define door_load(door, type, id, record, shown)                                                             \
    door_load_any(door, &type##_type, id, 1 ? (record) : (struct type *)0, shown)

/* As it stood at an instant, for whom it was open then and is open now: see docs/decisions/0007. NOT_FOUND
 * when it was not there, or not for the viewer. Names that it refers to are those of today. */
struct fault *door_load_as_of(struct door *, const struct record_type *, int64_t id, int64_t at_us,
                              void *record, field_mask *shown) MUST_CHECK;

/* What a list is asked for: filters come as the URL has them, name → text, checked here. */
struct list_filter {
    const char *field; /* "name"; "size.min", "size.max" for intervals; "siren.unknown" … */
    const char *text;
};
struct list_request {
    const struct record_type *type;
    const struct list_filter *filters;
    size_t filter_count;
    /* Field name, "-name" for descending; NULL: by name, or newest first where the type says so. */
    const char *sort;
    bool opens;       /* whoever is shown the list reads each record whole, as on its page: it is noted so */
    bool plain;       /* filters hold the language-free form (value_plain), not what people type */
    int64_t page;     /* from 1 */
    int64_t offset;   /* rows passed over before the first page: see door_list_from() */
    int64_t per_page; /* 0: 50; at most LIMIT_LIST_ROWS, or LIMIT_EXPORT_ROWS for door_export */
    int64_t owner;    /* only records of this organisation; 0: all */
    int64_t as_of;    /* an instant: the list as it stood then; 0: now. Costs what was recorded then */
    int64_t behind;   /* with as_of: the page begins behind this record, if it is in the list; 0: by offset */
    field_mask skip;  /* fields the caller does not look at: left unknown, which makes long lists cheap */
};
struct list_page {
    void *records; /* count × type->size, hidden fields unknown */
    field_mask *shown;
    size_t count;
    int64_t total, page, per_page;
    int64_t before; /* rows of the list before the first of these */
};
/* INVALID naming the filter for a value that does not parse; an unknown, or for this viewer not listable,
 * field is INVALID too, with the same words. */
struct fault *door_list(struct door *, const struct list_request *, struct list_page *) MUST_CHECK;

/* Those whose reference `field` leads to that record: at most LIMIT_LIST_ROWS, as door_list(). */
struct fault *door_list_of(struct door *, const struct record_type *, const char *field, int64_t id,
                           struct list_page *) MUST_CHECK;

/* Where a list is read on: behind `last`, which stood at row `rows` (from 1). All zero: at its beginning. */
struct list_place {
    int64_t rows, last;
};
/* A page from a place on, which then is that of the next page, or zero after the last. What came or went
 * before the place since it was taken neither repeats nor leaves out a record, unless `last` itself has gone:
 * then the page begins at the row where it stood. */
struct fault *door_list_from(struct door *, const struct list_request *, struct list_place *,
                             struct list_page *) MUST_CHECK;

/* For the rooms of app/ only: all records of a type, in no order, hidden fields unknown; nothing is noted.
 * LIMIT beyond LIMIT_EXPORT_ROWS. */
struct fault *door_all(struct door *, const struct record_type *, void **records, size_t *count) MUST_CHECK;

/* Names of referred records, NULL for those the viewer may not see; one statement. */
struct fault *door_names(struct door *, const struct record_type *, const int64_t *ids, size_t count,
                         const char ***names) MUST_CHECK;

bool door_may_write(const struct door *, const struct record_type *, const void *record);
/* Is a record the viewer's to look after (rights.h), as far as they see it? */
struct fault *door_looks_after(struct door *, const struct record_type *, int64_t id, bool *) MUST_CHECK;
bool door_may_create(const struct door *, const struct record_type *);
bool door_field_shown(const struct door *, const struct record_type *, const struct field *,
                      const void *record);

/* A change is one transaction. door_begin starts it, door_commit ends it; without commit it never happened,
 * and door_abandon (or the end of the arena) gives the writer up. Single saves outside a transaction make
 * their own. */
struct fault *door_begin(struct door *) MUST_CHECK;
void door_abandon(struct door *);
struct fault *door_commit(struct door *) MUST_CHECK;

/* A request that may come twice, done once: its changes through this door become one transaction that holds
 * its answer too. Whoever asks again under the same key within a day is given that answer. */
struct once {
    const char *key;     /* the person's own name for the request */
    const char *request; /* a hash of what is asked */
    struct once_answer {
        int status;
        const char *type, *headers, *body; /* headers: lines "Name: value" */
    } answer;
    bool answered; /* it was done before: `answer` is what it was answered */
};
/* Begins it, or finds it answered. INVALID naming "Idempotency-Key" when the key was used for another
 * request. While the first one is under way the second waits at its first change, which then is a CONFLICT
 * with once->answered set. A visitor has no key: BUG. */
struct fault *door_once(struct door *, struct once *) MUST_CHECK;
/* Commits what was changed with once->answer (status 0: no answer is to be kept); may find once->answered
 * instead. Without it nothing happened: door_abandon. */
struct fault *door_once_keep(struct door *) MUST_CHECK;

/* Inserts (id 0) or updates the fields of `mask` that the viewer sees; the others keep their stored values.
 * Checks the record as a whole, that the viewer may write it for its old and its new owner, and that
 * references lead to records the viewer may see. DENIED, INVALID with the field, CONFLICT on a version that
 * moved or a unique value that is taken. On success record->id and version are current. */
struct fault *door_save_any(struct door *, const struct record_type *, void *record,
                            field_mask mask) MUST_CHECK;
#define door_save(door, type, record, mask)                                                                  \
    door_save_any(door, &type##_type, 1 ? (record) : (struct type *)0, mask)

struct fault *door_delete(struct door *, const struct record_type *, int64_t id, int64_t version) MUST_CHECK;
/* Undo of a delete. */
struct fault *door_restore(struct door *, const struct record_type *, int64_t id) MUST_CHECK;

/* History of a record: changes of fields the viewer does not see are left out, and entries left empty too;
 * and so is what happened while the record was closed to the viewer, or another organisation's. */
enum { UNDO_DAYS = 30 };
/* Whether a change of this person at this time may be the viewer's to undo: its author's and the
 * facilitators', for UNDO_DAYS. What stands in the way is known when it is tried. */
bool door_may_undo(const struct door *, int64_t person, int64_t at_us);
/* People and mandates: their pages ask for a proof of who writes them, and accounts follow; no undo does. */
bool type_gives_rights(const struct record_type *);

struct history_line {
    int64_t entry, batch; /* batch: of its transaction */
    bool may_undo;
    int64_t at_us;
    const char *person; /* NULL: the program, or hidden */
    const char *act;    /* translated: "added", "changed" … */
    struct history_change {
        const struct field *field;
        const char *before, *after; /* as shown; NULL: unknown */
    } * changes;
    size_t count;
};
struct fault *door_history(struct door *, const struct record_type *, int64_t id, struct history_line **,
                           size_t *count) MUST_CHECK;

/* Who opened a record since it belongs to its organisation, newest first, readings of one day and kind
 * together: for people of that organisation and facilitators; DENIED to others. What was read within the last
 * second may still be on its way. */
struct reading_line {
    int64_t day, times;
    const char *who; /* for whom they acted, as far as that is the viewer's to know; else their role */
    enum reading_way kind;
    const char *way; /* the same translated: "read on its page" … */
};
bool door_may_see_readings(const struct door *, const struct record_type *, const void *record);
struct fault *door_readings(struct door *, const struct record_type *, int64_t id, struct reading_line **,
                            size_t *count) MUST_CHECK;

/* For the rooms of app/ only (imports, catalogue): a door for a class of viewers rather than a person, whose
 * reads go to `results` and whose connection goes back when `work` ends; and the store behind a door. */
struct fault *door_open_class(struct space *, struct arena *work, struct arena *results, struct viewer,
                              struct door **) MUST_CHECK;
/* What every member sees: of anything more nothing may tell that is told of a member by the way. */
struct fault *door_open_everybody(struct door *, struct door **everybody) MUST_CHECK;
/* A record as the viewer sees it now; a deleted one as it was when it was deleted, for those who see its
 * owner's confidential matters. NOT_FOUND for all others. */
struct now_record {
    void *record; /* hidden fields unknown */
    int64_t owner;
    field_mask shown;
    bool deleted;
};
struct fault *now_load(struct door *, const struct record_type *, int64_t id, struct now_record *) MUST_CHECK;

/* One entry of a record as the viewer may see it. *shown false: not at all. */
struct journal_entry;
struct fault *history_line_load(struct door *, const struct record_type *, const struct now_record *,
                                const struct journal_entry *, struct history_line *, bool *shown) MUST_CHECK;

struct connection;
struct transaction;
struct sight;
struct connection *door_connection(struct door *);
struct transaction *door_transaction(struct door *); /* between door_begin and door_commit; else NULL */
struct sight door_sight(const struct door *);

#endif
